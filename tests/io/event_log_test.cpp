#include "io/event_log.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "io/event_log_reader.hpp"
#include "io/event_names.hpp"
#include "tests/io/scratch.hpp"

namespace nexa::io {
namespace {

using scheduler::Event;
using scheduler::Fact;
using testing::Scratch;

constexpr std::uint32_t most32 = std::numeric_limits<std::uint32_t>::max();

core::Job plain_job() {
  core::Job job;
  job.id = core::JobId{7};
  job.user = core::UserId{3};
  job.submit = core::at_seconds(5);
  job.time_limit = core::seconds(60);
  job.request.slots = 4;
  return job;
}

core::Job extreme_job() {
  core::Job job;
  job.id = core::JobId{most32};
  job.user = core::UserId{most32};
  job.submit = core::never;
  job.time_limit = core::never.time_since_epoch();
  job.request = {.slots = most32,
                 .per_slot = {65'536, 1'024, std::uint64_t{1} << 40},
                 .tiers = 0,
                 .gpu_type = core::GpuTypeId{65'535},
                 .sharing = core::Sharing::whole_nodes,
                 .min_trust = 255,
                 .host_class = core::HostClassId{65'535}};
  return job;
}

/// What the extreme job has to avoid, in the order of the log.
const std::vector<core::FaultDomain> extreme_domains{
    core::FaultDomain::of(core::OwnerId{0}), core::FaultDomain::of(core::OwnerId{most32}),
    core::FaultDomain::of(core::SiteId{most32}), core::FaultDomain::of(core::RackId{7}),
    core::FaultDomain::of(core::NodeId{most32})};

core::NodeSpec extreme_node() {
  return {.tier = core::TierId{31},
          .capacity = {65'536, 1'024, std::uint64_t{1} << 40},
          .gpu_type = core::GpuTypeId{65'535},
          .speed_permille = 1'000'000,
          .owner = core::OwnerId{most32},
          .site = core::SiteId{most32},
          .price_per_core_hour = core::Credits::from_micro(-1),
          .trust_bucket = 255,
          .host_class = core::HostClassId{65'535},
          .rack = core::RackId{most32}};
}

/// Every alternative, with every enumerator and the ends of every range.
std::vector<Event> all_kinds() {
  std::vector<Fact> facts{
      scheduler::NodeAdded{core::NodeId{0}, {}},
      scheduler::NodeAdded{core::NodeId{most32}, extreme_node()},
      scheduler::JobSubmitted{plain_job()},
      scheduler::JobSubmitted{extreme_job(), std::uint64_t{1} << 62, extreme_domains},
      scheduler::JobCancelled{core::JobId{9}},
      scheduler::ReplicaEnded{core::JobId{7}, core::ReplicaId{1}, scheduler::ReplicaEnd::completed},
      scheduler::ReplicaEnded{core::JobId{7}, core::ReplicaId{2}, scheduler::ReplicaEnd::killed},
      scheduler::ReplicaEnded{core::JobId{7}, core::ReplicaId{most32},
                              scheduler::ReplicaEnd::node_failed},
      scheduler::CommandRejected{core::JobId{8}, core::ReplicaId{4}},
      scheduler::Tick{},
      scheduler::JobChanged{plain_job()},
      scheduler::JobChanged{extreme_job()},
      scheduler::NodeChanged{core::NodeId{most32}, extreme_node()},
      scheduler::NodeRemoved{core::NodeId{most32}},
      scheduler::PolicyReloaded{"wfp3+easy:order=saf,depth=3+lowest_tier:weight=0.5"}};
  for (const auto availability : {core::NodeAvailability::up, core::NodeAvailability::draining,
                                  core::NodeAvailability::down}) {
    facts.push_back(scheduler::NodeStateChanged{core::NodeId{2}, availability});
  }
  std::vector<Event> events;
  for (const Fact& fact : facts) {
    events.push_back({core::Time{core::Duration{std::ssize(events)}}, fact});
  }
  return events;
}

RunMeta meta() {
  RunMeta meta;
  meta.policy = "fcfs+easy+lowest_tier";
  meta.seed = 42;
  meta.commit = "0123456789ab";
  meta.platform_name = "small \"quoted\" \xff";
  meta.workload_name = "made";
  meta.config_yaml = "name: x\nseed: 42\n";
  meta.inputs = {{"a.swf", std::string(64, '0'), 12}};
  return meta;
}

std::string line_of(const Event& event) {
  std::string line;
  append_line(line, event);
  return line;
}

/// Reads a log to its end, or to the first error.
struct ReadLog {
  explicit ReadLog(const std::string& path) {
    auto reader = EventLogReader::open(path);
    if (!reader) {
      error = reader.error();
      return;
    }
    header = reader->header();
    while (true) {
      auto record = reader->next();
      if (!record) {
        error = record.error();
        return;
      }
      if (!*record) break;
      records.push_back(std::move(**record));
    }
    torn = reader->last_line_is_torn();
  }

  EventLogHeader header;
  std::vector<EventLogRecord> records;
  std::optional<core::Error> error;
  bool torn = false;
};

std::string header_line() {
  return R"({"schema":"nexa.event_log/1","policy":"easy","seed":1,)"
         R"("commit":"c"})"
         "\n";
}

TEST(EventLog, EveryKindOfFactIsReadBackAsItWasWritten) {
  const Scratch folder;
  const std::vector<Event> events = all_kinds();
  auto writer = EventLogWriter::create(folder.file("log.jsonl"), meta());
  ASSERT_TRUE(writer);
  std::vector<bool> seen(std::variant_size_v<Fact>);
  for (const Event& event : events) {
    ASSERT_TRUE(writer->add(event));
    seen[event.fact.index()] = true;
  }
  EXPECT_EQ(seen, std::vector<bool>(seen.size(), true)) << "the test forgets an alternative";
  ASSERT_TRUE(writer->commit(true));

  const ReadLog log(folder.file("log.jsonl"));
  ASSERT_FALSE(log.error) << log.error->message;
  ASSERT_EQ(log.records.size(), events.size() + 1);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto* event = std::get_if<Event>(&log.records[i].value);
    ASSERT_NE(event, nullptr);
    EXPECT_EQ(log.records[i].line, i + 2);
    EXPECT_EQ(event->time, events[i].time);
    EXPECT_EQ(event->fact.index(), events[i].fact.index());
    EXPECT_EQ(line_of(*event), line_of(events[i]));
    const auto* submitted = std::get_if<scheduler::JobSubmitted>(&events[i].fact);
    if (submitted == nullptr) continue;
    const auto& read = std::get<scheduler::JobSubmitted>(event->fact);
    EXPECT_TRUE(std::equal(read.avoid.begin(), read.avoid.end(), submitted->avoid.begin(),
                           submitted->avoid.end()));
  }
}

TEST(EventLog, TheLineOfAFactNamesEveryField) {
  const auto json =
      nlohmann::json::parse(line_of({core::at_seconds(1), scheduler::JobSubmitted{extreme_job()}}));
  EXPECT_EQ(json["t"], 1'000'000);
  const auto& job = json["job_submitted"];
  EXPECT_EQ(job["job"], most32);
  EXPECT_EQ(job["slots"], most32);
  EXPECT_EQ(job["cores"], 65'536);
  EXPECT_EQ(job["gpus"], 1'024);
  EXPECT_EQ(job["memory_kib"], std::uint64_t{1} << 40);
  EXPECT_EQ(job["tiers"], 0);
  EXPECT_EQ(job["gpu_type"], 65'535);
  EXPECT_EQ(job["sharing"], "whole_nodes");
  const auto node = nlohmann::json::parse(
      line_of({{}, scheduler::NodeAdded{core::NodeId{5}, extreme_node()}}))["node_added"];
  EXPECT_EQ(node["tier"], 31);
  EXPECT_EQ(node["price_microcredits"], -1);
  EXPECT_EQ(node["trust_bucket"], 255);
}

TEST(EventLog, WhatAJobHasToAvoidIsListedByKind) {
  const auto json = nlohmann::json::parse(
      line_of({{}, scheduler::JobSubmitted{plain_job(), 257, extreme_domains}}))["job_submitted"];
  EXPECT_EQ(json["place"], 257);
  EXPECT_EQ(json["avoid"].dump(),
            R"({"nodes":[4294967295],"owners":[0,4294967295],"racks":[7],"sites":[4294967295]})");
}

TEST(EventLog, WhatWasAddedLaterIsLeftOutWhereItSaysNothing) {
  for (const Fact& fact : {Fact{scheduler::JobSubmitted{plain_job()}},
                           Fact{scheduler::NodeAdded{core::NodeId{3}, core::NodeSpec{}}}}) {
    const std::string line = line_of({{}, fact});
    for (const char* const name : {"place", "avoid", "min_trust", "host_class", "rack"}) {
      EXPECT_EQ(line.find(name), std::string::npos) << line;
    }
  }
}

TEST(EventLog, ADomainThatIsNoneIsRefusedWithItsPlace) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {R"("avoid":[3])", "'avoid' is [3]"},
      {R"("avoid":{"owner":[3]})", "'avoid' has an unknown member 'owner'"},
      {R"("avoid":{"owners":3})", "'owners' is 3"},
      {R"("avoid":{"nodes":[-1]})", "'nodes' is -1"},
      {R"("place":0)", "'place' is 0"}};
  for (const auto& [text, message] : cases) {
    std::string line = line_of({{}, scheduler::JobSubmitted{plain_job()}});
    line.replace(line.size() - 2, 2, "," + text + "}}\n");
    const Scratch folder;
    const ReadLog log(folder.file("log.jsonl", header_line() + line));
    ASSERT_TRUE(log.error) << text;
    EXPECT_EQ(log.error->message.substr(0, message.size()), message);
    EXPECT_EQ(log.error->where.line, 2);
  }
}

TEST(EventLog, StepsCarryTextAndTheRunningHashOfTheCommands) {
  const Scratch folder;
  const std::vector<scheduler::NodeShare> nodes{{{0, 3}, 2}};
  const std::vector<scheduler::Command> commands{
      scheduler::StartReplica{core::JobId{1}, core::ReplicaId{1}, nodes, core::at_seconds(9)},
      scheduler::RejectJob{core::JobId{2}}};
  core::StreamHash hash;
  for (const auto& command : commands) scheduler::add_to_hash(hash, command);
  auto writer = EventLogWriter::create(folder.file("log.jsonl"), meta());
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->add_step(core::at_seconds(1), commands));
  ASSERT_TRUE(writer->add_step(core::at_seconds(2), {}));
  ASSERT_TRUE(writer->commit(false));

  const ReadLog log(folder.file("log.jsonl"));
  ASSERT_FALSE(log.error);
  EXPECT_EQ(log.header.policy, "fcfs+easy+lowest_tier");
  EXPECT_EQ(log.header.seed, 42U);
  EXPECT_EQ(log.header.workload, "made");
  ASSERT_EQ(log.records.size(), 3U);
  const auto& first = std::get<LoggedStep>(log.records[0].value);
  EXPECT_EQ(first.time, core::at_seconds(1));
  EXPECT_EQ(first.commands, 2U);
  EXPECT_EQ(first.hash, core::to_hex(hash.value()));
  EXPECT_EQ(first.text, (std::vector<std::string>{scheduler::to_text(commands[0]),
                                                  scheduler::to_text(commands[1])}));
  EXPECT_TRUE(std::get<LoggedStep>(log.records[1].value).text.empty());
  const auto& end = std::get<EventLogEnd>(log.records[2].value);
  EXPECT_FALSE(end.complete);
  EXPECT_EQ(end.events, 0U);
  EXPECT_EQ(end.steps, 2U);
  EXPECT_EQ(end.hash, core::to_hex(hash.value()));
}

TEST(EventLog, TheHeaderSaysWhereTheRunComesFrom) {
  const Scratch folder;
  auto writer = EventLogWriter::create(folder.file("log.jsonl"), meta());
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->commit(true));
  const std::string text = testing::bytes_of(folder.file("log.jsonl"));
  const auto header = nlohmann::json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(header["schema"], "nexa.event_log/1");
  EXPECT_EQ(header["config_yaml"], "name: x\nseed: 42\n");
  EXPECT_EQ(header["inputs"][0]["sha256"], std::string(64, '0'));
}

TEST(EventLog, AWriterThatIsGivenUpLeavesNoFile) {
  const Scratch folder;
  {
    auto writer = EventLogWriter::create(folder.file("log.jsonl"), meta());
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->add(all_kinds().front()));
    EXPECT_EQ(folder.names(), std::vector<std::string>{"log.jsonl.partial"});
  }
  EXPECT_TRUE(folder.names().empty());
}

TEST(EventLog, AFullDiskIsAnErrorOfTheWrite) {
  auto writer = EventLogWriter::create("/dev/full", meta());
  EXPECT_FALSE(writer);
}

TEST(EventLogReader, LeavesOutATornLastLineAndSaysSo) {
  const Scratch folder;
  const std::string tick = R"({"t":1,"tick":{}})";
  const ReadLog torn(folder.file("a", header_line() + tick + "\n" + tick.substr(0, 9)));
  EXPECT_FALSE(torn.error);
  EXPECT_EQ(torn.records.size(), 1U);
  EXPECT_TRUE(torn.torn);
  const ReadLog whole(folder.file("b", header_line() + tick + "\n" + tick));
  EXPECT_EQ(whole.records.size(), 2U);
  EXPECT_FALSE(whole.torn);
}

TEST(EventLogReader, PassesOverKeysThatItDoesNotKnow) {
  const Scratch folder;
  const ReadLog log(folder.file(
      "a", header_line() + R"({"t":1,"job_cancelled":{"job":4,"later":{"x":[1]}}})" + "\n"));
  ASSERT_FALSE(log.error) << log.error->message;
  const auto& event = std::get<Event>(log.records.at(0).value);
  EXPECT_EQ(std::get<scheduler::JobCancelled>(event.fact).job, core::JobId{4});
}

struct WrongLine {
  std::string line;
  std::string says;
};

TEST(EventLogReader, NamesThePlaceOfWhatIsWrong) {
  const Scratch folder;
  const std::vector<WrongLine> wrong{
      {R"({"t":1,"tick":{})", "no valid JSON"},
      {R"([1])", "no object"},
      {R"({})", "the record is empty"},
      {R"({"tick":{}})", "'t' is missing"},
      {R"({"t":-1,"tick":{}})", "'t' is -1"},
      {R"({"t":18446744073709551615,"tick":{}})", "'t' is 18446744073709551615"},
      {R"({"t":1.5,"tick":{}})", "'t' is 1.5"},
      {R"({"t":1,"tick":3})", "'tick' is 3"},
      {R"({"t":1,"tock":{}})", "unknown record 'tock'"},
      {R"({"t":1,"job_cancelled":{"job":4294967296}})", "'job' is 4294967296"},
      {R"({"t":1,"job_cancelled":{"job":"4"}})", "'job' is \"4\""},
      {R"({"t":1,"replica_ended":{"job":1,"replica":1,"how":"gone"}})", "'how' is 'gone'"},
      {R"({"t":1,"node_state_changed":{"node":1,"availability":7}})", "'availability' is 7"},
      {R"({"t":1,"policy_reloaded":{"policy":"eesy"}})", "unknown policy 'eesy'"},
      {R"({"t":1,"policy_reloaded":{"policy":7}})", "'policy' is 7"},
      {R"({"t":1,"job_changed":{"job":1,"user":0,"submit":0,"time_limit":0}})",
       "'time_limit' is 0"},
      {R"({"t":1,"step":{"commands":1,"hash":"x","text":"y"}})", "'text' is \"y\""},
      {R"({"end":{"complete":1,"events":1,"steps":1,"hash":""}})", "'complete' is 1"},
      {std::string(100'000, '['), "nested too deeply"}};
  for (const WrongLine& each : wrong) {
    const ReadLog log(folder.file("log", header_line() + each.line + "\n"));
    ASSERT_TRUE(log.error) << each.line;
    EXPECT_EQ(log.error->code, core::ErrorCode::corrupt) << each.line;
    EXPECT_NE(log.error->message.find(each.says), std::string::npos)
        << each.line << ": " << log.error->message;
    EXPECT_EQ(log.error->where.line, 2) << each.line;
    EXPECT_EQ(log.error->where.file, folder.file("log"));
  }
}

TEST(EventLogReader, RefusesTimesThatGoBack) {
  const Scratch folder;
  const ReadLog log(
      folder.file("log", header_line() + "{\"t\":5,\"tick\":{}}\n{\"t\":4,\"tick\":{}}\n"));
  ASSERT_TRUE(log.error);
  EXPECT_EQ(log.error->where.line, 3);
  EXPECT_EQ(log.error->message, "time goes back to 4");
}

TEST(EventLogReader, RefusesOtherFiles) {
  const Scratch folder;
  EXPECT_EQ(ReadLog(folder.file("absent")).error->code, core::ErrorCode::not_found);
  for (const std::string text : {"", "{}\n", "x\n", "{\"schema\":\"nexa.event_log/2\"}\n",
                                 "{\"schema\":\"nexa.event_log/1\"}\n"}) {
    const ReadLog log(folder.file("log", text));
    ASSERT_TRUE(log.error) << text;
    EXPECT_EQ(log.error->code, core::ErrorCode::corrupt) << text;
  }
}

}  // namespace
}  // namespace nexa::io
