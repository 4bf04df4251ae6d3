#include "io/sandbox.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "io/compare/result_comparer.hpp"
#include "io/compare/script.hpp"
#include "io/sha256.hpp"
#include "scratch.hpp"
#include "validator/compare/comparator.hpp"

namespace nexa::io {
namespace {

using testing::Scratch;
using validator::compare::Agreement;
using validator::compare::Comparison;
using validator::compare::ScriptParameters;

/// Programs for the sandbox, and results that they may read. Where the machine has no sandbox the
/// tests say so and are skipped, as no checker would run there either.
class Sandbox : public ::testing::Test {
 protected:
  void SetUp() override {
    // Root's programs run as nobody.
    std::filesystem::permissions(scratch_.path(), std::filesystem::perms(0755));
    a_ = scratch_.file("a", "alpha\n");
    b_ = scratch_.file("b", "beta\n");
    const auto first = run("exit 7");
    if (!first && first.error().code == core::ErrorCode::unsupported) {
      GTEST_SKIP() << first.error().message;
    }
    ASSERT_TRUE(first) << first.error().message;
    ASSERT_EQ(first->exit_code, 7);
  }

  core::Result<SandboxOutcome> run(const std::string& script, SandboxLimits limits = {}) {
    if (limits.wall == core::Duration{}) limits.wall = std::chrono::seconds(30);
    const std::string program = script.starts_with("#!") ? script : "#!/bin/sh\n" + script;
    return run_sandboxed({.program = core::bytes_of(program),
                          .arguments = {"/input/a", "/input/b"},
                          .inputs = {{a_, "/input/a"}, {b_, "/input/b"}},
                          .limits = limits});
  }

  SandboxOutcome outcome(const std::string& script, const SandboxLimits& limits = {}) {
    const auto found = run(script, limits);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : SandboxOutcome{};
  }

  Comparison asked(const std::string& script, const ScriptParameters& parameters = {}) {
    const std::string program = "#!/bin/sh\n" + script;
    const auto found = compare::compare_by_script(a_, b_, core::bytes_of(program), parameters);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : Comparison{};
  }

  Scratch scratch_;
  std::string a_;
  std::string b_;
};

TEST_F(Sandbox, AProgramSeesItsInputsAndSaysSomething) {
  const SandboxOutcome found = outcome("cat \"$1\" \"$2\"; echo no >&2; exit 3");
  EXPECT_EQ(found.end, SandboxEnd::exited);
  EXPECT_EQ(found.exit_code, 3);
  EXPECT_EQ(found.output, "alpha\nbeta\n");
  EXPECT_EQ(found.errors, "no\n");
}

TEST_F(Sandbox, InterpretersOfTheMachineCanBeUsed) {
  if (!std::filesystem::exists("/usr/bin/python3")) GTEST_SKIP() << "there is no Python";
  EXPECT_EQ(
      outcome("#!/usr/bin/python3\nimport sys\nprint(open(sys.argv[1]).read().strip())\n").output,
      "alpha\n");
}

TEST_F(Sandbox, AProgramThatCannotRunIsNoVerdict) {
  for (const char* program : {"#!/nowhere/sh\nexit 0\n", "exit 0\n", ""}) {
    const auto found = run_sandboxed({.program = core::bytes_of(program),
                                      .arguments = {},
                                      .inputs = {},
                                      .limits = {.wall = std::chrono::seconds(30)}});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, core::ErrorCode::unsupported);
    EXPECT_NE(found.error().message.find("cannot be executed"), std::string::npos)
        << found.error().message;
  }
}

// Attack A29: what a hostile result could make a checker do.

TEST_F(Sandbox, FilesOfTheMachineAreOutOfReach) {
  const SandboxOutcome found = outcome(
      "for f in /etc/shadow /etc/passwd /home /var /sys /root /input/../etc/shadow; do\n"
      "  ls \"$f\" 2>/dev/null && echo \"$f is there\"; done\n"
      "exit 5");
  EXPECT_EQ(found.exit_code, 5);
  EXPECT_EQ(found.output, "");
}

TEST_F(Sandbox, NothingCanBeWrittenButInTmp) {
  const SandboxOutcome found = outcome(
      "for f in /x /input/a /input/x /usr/x /usr/bin/x /dev/x /dev/shm/x /program /etc/x; do\n"
      "  (echo y > \"$f\") 2>/dev/null && echo \"$f can be written\"; done\n"
      "echo ok > /tmp/x && cat /tmp/x");
  EXPECT_EQ(found.output, "ok\n");
  EXPECT_EQ(testing::bytes_of(a_), "alpha\n");
}

TEST_F(Sandbox, TheEnvironmentIsEmptyAndTheUserNobody) {
  ::setenv("NEXA_TEST_SECRET", "x", 1);
  const SandboxOutcome found = outcome("env; id -u");
  EXPECT_EQ(found.output.find("SECRET"), std::string::npos);
  EXPECT_NE(found.output.find("\n65534\n"), std::string::npos) << found.output;
}

TEST_F(Sandbox, ThereIsNoNetwork) {
  if (!std::filesystem::exists("/usr/bin/python3")) GTEST_SKIP() << "there is no Python";
  const SandboxOutcome found = outcome(
      "#!/usr/bin/python3\n"
      "import socket, sys\n"
      "names = [name for _, name in socket.if_nameindex()]\n"
      "try:\n"
      "  socket.create_connection(('192.0.2.1', 80), timeout=5)\n"
      "except OSError as error:\n"
      "  print(names, error.strerror)\n"
      "  sys.exit(9)\n");
  EXPECT_EQ(found.exit_code, 9);
  EXPECT_EQ(found.output, "['lo'] Network is unreachable\n");
}

TEST_F(Sandbox, OtherProcessesAreInvisible) {
  EXPECT_EQ(outcome("ls /proc | grep -c '^[0-9][0-9][0-9]'").output, "0\n");
}

TEST_F(Sandbox, AnEndlessLoopIsKilled) {
  const SandboxOutcome found =
      outcome("while :; do :; done", {.wall = std::chrono::milliseconds(700)});
  EXPECT_EQ(found.end, SandboxEnd::wall_limit);
}

TEST_F(Sandbox, ProcessorTimeIsLimited) {
  const SandboxOutcome found = outcome("while :; do :; done", {.cpu_s = 1});
  EXPECT_EQ(found.end, SandboxEnd::exited);
  EXPECT_EQ(found.exit_code, 128 + SIGKILL);
}

TEST_F(Sandbox, ProcessesThatStayBehindAreKilled) {
  // The descendants hold the pipes, so that a call that returns has seen all of them end.
  const SandboxOutcome found = outcome("sleep 1000 & setsid sleep 1000 & exit 4");
  EXPECT_EQ(found.end, SandboxEnd::exited);
  EXPECT_EQ(found.exit_code, 4);
  const SandboxOutcome killed =
      outcome("setsid sleep 1000 & sleep 1000", {.wall = std::chrono::milliseconds(700)});
  EXPECT_EQ(killed.end, SandboxEnd::wall_limit);
}

TEST_F(Sandbox, AForkBombIsStopped) {
  const SandboxOutcome found =
      outcome("n=0; while [ $n -lt 200 ]; do sleep 100 & n=$((n + 1)); done; echo all; exit 6",
              {.processes = 20});
  EXPECT_EQ(found.end, SandboxEnd::exited);
  EXPECT_EQ(found.output, "");
  EXPECT_NE(found.exit_code, 6);
}

TEST_F(Sandbox, AHogOfMemoryIsStopped) {
  // As a packed file that grows without end.
  const SandboxOutcome found =
      outcome("x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done; exit 0", {.memory_bytes = 64U << 20});
  EXPECT_EQ(found.end, SandboxEnd::exited);
  EXPECT_NE(found.exit_code, 0);
  EXPECT_NE(found.exit_code, 1);
}

TEST_F(Sandbox, AHogOfTheDiskIsStopped) {
  const SandboxOutcome found = outcome(
      "i=0; while [ $i -lt 64 ]; do head -c 1000000 /dev/zero > /tmp/$i || break; i=$((i + 1)); "
      "done 2>/dev/null; du -sk /tmp | cut -f1",
      {.disk_bytes = 4U << 20});
  EXPECT_LE(std::atoi(found.output.c_str()), 4096) << found.output;
  EXPECT_GE(std::atoi(found.output.c_str()), 2000) << found.output;
}

TEST_F(Sandbox, AProgramThatPrintsWithoutEndIsKilled) {
  const SandboxOutcome found = outcome("yes", {.output_bytes = 10'000});
  EXPECT_EQ(found.end, SandboxEnd::output_limit);
  EXPECT_EQ(found.output.size(), 10'000);
}

TEST_F(Sandbox, AProgramThatKillsItselfOrEverythingIsAnError) {
  EXPECT_EQ(outcome("kill -9 $$").exit_code, 128 + SIGKILL);
  const SandboxOutcome found = outcome("kill -9 -1; exit 1");
  EXPECT_EQ(found.end, SandboxEnd::exited);
}

TEST_F(Sandbox, UserNamespacesCannotBeNested) {
  EXPECT_NE(outcome("unshare -U true").exit_code, 0);
}

TEST_F(Sandbox, WithoutBubblewrapNothingIsRun) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const auto found = run("exit 0");
  ::setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, core::ErrorCode::unsupported);
  EXPECT_EQ(found.error().message, "bubblewrap (bwrap) was not found");
}

TEST_F(Sandbox, ABubblewrapThatFailsIsNoVerdict) {
  // It exits with 1, which a checker would mean as "different".
  const std::string bad =
      scratch_.file("bwrap", "#!/bin/sh\necho 'bwrap: no namespaces' >&2\nexit 1\n");
  std::filesystem::permissions(bad, std::filesystem::perms(0755));
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", scratch_.path().c_str(), 1);
  const auto found = run("exit 0");
  ::setenv("PATH", path.c_str(), 1);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, core::ErrorCode::unsupported);
  EXPECT_EQ(found.error().message, "the sandbox cannot be set up: bwrap: no namespaces");
}

TEST_F(Sandbox, ResultsThatCannotBeReadAreAnError) {
  const auto found = run_sandboxed({.program = core::bytes_of("#!/bin/sh\nexit 0\n"),
                                    .arguments = {},
                                    .inputs = {{scratch_.file("absent"), "/input/a"}},
                                    .limits = {.wall = std::chrono::seconds(30)}});
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().message.find("read"), std::string::npos);
}

TEST_F(Sandbox, TheExitCodeOfAScriptIsTheVerdict) {
  EXPECT_EQ(asked("exit 0").agreement, Agreement::equal);
  EXPECT_EQ(asked("exit 0").distance, 0);
  EXPECT_EQ(asked("echo distance 0.25; exit 0").distance, 0.25);
  EXPECT_EQ(asked("echo distance x; exit 0").agreement, Agreement::incomparable);
  EXPECT_EQ(asked("exit 1").reason(), "the program says so");
  EXPECT_EQ(asked("echo the mass is lost; exit 1").reason(), "the program says 'the mass is lost'");
  EXPECT_EQ(asked("echo oops >&2; exit 2").reason(), "the program ended with 2: 'oops'");
  EXPECT_EQ(asked("kill -9 $$").reason(), "the program ended with 137, as after signal 9");
  ScriptParameters short_time;
  short_time.wall = 1;
  EXPECT_EQ(asked("sleep 100", short_time).reason(),
            "the program was killed, since it did not end within 1 s");
}

TEST_F(Sandbox, AScriptGetsItsInputsInTheOrderOfTheirContent) {
  const std::string tells = "cat \"$1\"; exit 1";
  const Comparison there = asked(tells);
  std::swap(a_, b_);
  const Comparison back = asked(tells);
  EXPECT_EQ(there.reason(), "the program says 'beta'");  // the shorter one
  EXPECT_EQ(there.reason(), back.reason());
}

TEST_F(Sandbox, TheDigestOfAScriptIsPartOfItsIdentity) {
  const std::string path = scratch_.file("check.sh", "#!/bin/sh\nexit 0\n");
  const auto prepare = [&] {
    auto comparer = compare::ResultComparer::prepare(
        *validator::compare::parse_comparator("script:path=" + path));
    EXPECT_TRUE(comparer);
    return comparer->identity().digest;
  };
  const core::Digest first = prepare();
  EXPECT_EQ(first, prepare());
  static_cast<void>(scratch_.file("check.sh", "#!/bin/sh\nexit 1\n"));
  EXPECT_NE(first, prepare());
}

}  // namespace
}  // namespace nexa::io
