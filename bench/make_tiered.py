#!/usr/bin/env python3
"""Make the tiered benchmark: a platform of 60 node classes and a workload that fills it.

    make_tiered.py LOG.swf[.gz] JOBS NODES OUT_FOLDER [--classes N]

Writes OUT_FOLDER/platform.yaml, workload.swf and scenario.yaml, and prints the number of cores of
the platform. LOG is meant to be the bundled KTH-SP2, a log of a machine of 100 processors; it is
repeated end to end as repeat_swf.py does it.

The platform has three tiers and N / 3 owners, so N node classes (60); 60 % of the nodes are plain
servers, 28 % workstations with graphics cards, 12 % fast nodes with data-centre GPUs.

A job of q processors gets q * cores / 100 slots, times a random factor from 0.8 to 1.2 so that
jobs do not fill whole nodes: the load, in parts of the machine, is about that of the log. One half
of the jobs of one or two processors become GPU jobs: an eighth of the slots, as the scenario gives
each of them 8 cores and a GPU. Field 10 (memory per processor) is one of four sizes. All draws come
from one seed, so the files are the same each time.
"""

import argparse
import os
import random
import sys

import repeat_swf

LOG_PROCESSORS = 100
CORES_PER_GPU = 8
KIB_PER_GIB = 1024 * 1024
MEMORY_GIB = (1, 2, 3, 4)
SITES = ("north", "south", "east", "west")
CPU_CORES = (32, 16)
# model, GPUs and cores of a workstation, by owner in turn
WORKSTATIONS = (("rtx4090", 2, 16), ("rtx3060", 1, 16), ("rtx4070", 2, 16), ("rtx3080", 1, 16))
FAST_MODELS = ("h100", "a100")


def split(total, parts):
    """`total` in `parts` whole numbers that differ by one at the most."""
    return [total * (i + 1) // parts - total * i // parts for i in range(parts)]


def node_groups(nodes, classes):
    """(name, count, cores, text) of every group of the platform."""
    owners = classes // 3
    fast = split(round(nodes * 0.12), owners)
    workstations = split(round(nodes * 0.28), owners)
    plain = split(nodes - sum(fast) - sum(workstations), owners)
    for i in range(owners):
        lab = f"lab{i + 1:02d}"
        place = f"owner: {lab}, site: {SITES[i % 4]}"
        cores = CPU_CORES[i % 2]
        yield (f"{lab}-cpu", plain[i], cores,
               f"tier: cpu, cores: {cores}, memory: {4 * cores} GiB, {place}, "
               f"speed: {1 + i % 3 / 10}, price: 0.02")
        model, count, cores = WORKSTATIONS[i % 4]
        yield (f"{lab}-gpu", workstations[i], cores,
               f"tier: consumer_gpu, cores: {cores}, memory: {4 * cores} GiB, "
               f"gpus: {{type: {model}, count: {count}}}, {place}, speed: 1.1, price: 0.03")
        yield (f"{lab}-hpc", fast[i], 64,
               f"tier: hpc, cores: 64, memory: 512 GiB, "
               f"gpus: {{type: {FAST_MODELS[i % 2]}, count: 4}}, {place}, "
               f"speed: {1.2 + i % 3 / 10:.1f}, price: 0.05")


def write_platform(groups, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("name: tiered-benchmark\ngroups:\n")
        for name, count, _, text in groups:
            out.write(f"  - {{name: {name}, count: {count}, {text}}}\n")


def write_scenario(slots_per_processor, path):
    """The rules; widths tell GPU jobs (narrower than any other) and wide jobs apart."""
    text = f"""name: tiered-benchmark
workload:
  file: workload.swf
  memory: requested
  tiers:
    - {{tier: consumer_gpu, max_slots: {gpu_limit(slots_per_processor)}, share: 0.5, """ \
        f"""cores_per_slot: {CORES_PER_GPU}, gpus_per_slot: 1}}
    - {{min_tier: consumer_gpu, max_slots: {gpu_limit(slots_per_processor)}, """ \
        f"""cores_per_slot: {CORES_PER_GPU}, gpus_per_slot: 1}}
    - {{min_tier: hpc, min_slots: {round(7 * slots_per_processor)}, """ \
        f"""max_slots: {round(20 * slots_per_processor)}, share: 0.5}}
platform: platform.yaml
policy: easy
seed: 1
"""
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def gpu_limit(slots_per_processor):
    """No GPU job has more slots; no other job has so few."""
    return round(0.5 * slots_per_processor)


def width(processors, slots_per_processor, draw):
    """(slots, memory in KiB per slot) of a job."""
    factor = draw.uniform(0.8, 1.2)
    memory = draw.choice(MEMORY_GIB if processors <= 8 else MEMORY_GIB[:2])
    gpu_job = processors <= 2 and draw.random() < 0.5
    wanted = min(processors * factor, LOG_PROCESSORS) * slots_per_processor
    slots = int(wanted / CORES_PER_GPU) if gpu_job else int(wanted)
    return max(1, slots), memory * KIB_PER_GIB


def write_workload(log, count, slots_per_processor, path):
    jobs = repeat_swf.read_jobs(log)
    shift = jobs[-1][0] + repeat_swf.GAP_SECONDS
    draw = random.Random(1)
    with open(path, "w", encoding="latin-1") as out:
        for number in range(count):
            copy, index = divmod(number, len(jobs))
            submit, rest = jobs[index]
            fields = rest.split()
            asked = repeat_swf.whole(fields[5])
            processors = asked if asked > 0 else repeat_swf.whole(fields[2])
            slots, memory = width(processors, slots_per_processor, draw)
            # `rest` begins with field 3: run time is 4, processors 5 and 8, memory 10.
            fields[2] = fields[5] = str(slots)
            fields[7] = str(memory)
            out.write(f"{number + 1} {submit + copy * shift} {' '.join(fields)}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("log")
    parser.add_argument("jobs", type=int)
    parser.add_argument("nodes", type=int)
    parser.add_argument("out")
    parser.add_argument("--classes", type=int, default=60)
    arguments = parser.parse_args()
    groups = list(node_groups(arguments.nodes, arguments.classes))
    cores = sum(count * cores for _, count, cores, _ in groups)
    os.makedirs(arguments.out, exist_ok=True)
    write_platform(groups, os.path.join(arguments.out, "platform.yaml"))
    slots_per_processor = cores / LOG_PROCESSORS
    write_scenario(slots_per_processor, os.path.join(arguments.out, "scenario.yaml"))
    write_workload(arguments.log, arguments.jobs, slots_per_processor,
                   os.path.join(arguments.out, "workload.swf"))
    print(cores)
    return 0


if __name__ == "__main__":
    sys.exit(main())
