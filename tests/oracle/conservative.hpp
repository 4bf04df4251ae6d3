#pragma once

#include <vector>

#include "tests/oracle/cluster.hpp"
#include "tests/oracle/oracle.hpp"

namespace nexa::oracle {

/// Conservative backfilling: every waiting job holds a reservation, that is a start time and what
/// it will use.
///
/// A class whose nodes all have exactly one core is counted: a reservation there is a number of
/// nodes. In any other class it names the nodes. (The nodes of a counted class must be alike in
/// capacity and GPU type.)
///
/// A counted class of which a job has to avoid some nodes offers it that many less, and the job, if
/// it takes any there, holds as many beside until it starts: whichever nodes are free then, enough
/// of them will do.
///
/// At one instant: arrivals, then ends, then starts.
///
/// Arrival, in the order of places: the job reserves the earliest hole. Candidates are now and
/// every later change of the planned usage. Over the window [t, t + limit) a counted class offers
/// its least number of unplanned nodes, a node of another class the slots of its least free
/// resources (each component on its own). If the sum is enough, the job takes classes in index
/// order, in a named class the nodes with the least free resources first.
///
/// End, in order of the jobs' places: the rest of the job's planned usage is freed; then every
/// waiting job, in the order of places, is taken out and looked up again. It moves only if it can
/// start earlier than reserved.
///
/// Start: all jobs whose reservation is now, in the order of places; in a counted class on the free
/// nodes with the lowest ids. What a job held beside becomes free.
std::vector<Started> simulate_conservative(const Cluster& cluster,
                                           const std::vector<JobSpec>& jobs);

}  // namespace nexa::oracle
