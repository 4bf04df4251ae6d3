// Durable transfers per second of the ledger with its journal in a file, against SQLite that stores
// one row per transfer, in the same run and on the same disk; and how fast a journal is verified,
// against libsodium's SHA-256 of the same bytes.
//
// usage: ledger_durable FOLDER [quick]
//
// Every figure is the median of several rounds, in which the two sides take turns. The result is a
// JSON document on standard output.

#include <sodium.h>
#include <sqlite3.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/rng.hpp"
#include "io/ledger_audit.hpp"
#include "io/ledger_journal.hpp"

namespace {

using nexa::core::Duration;
using nexa::core::Time;
using nexa::ledger::Transfer;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t users = 1000;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "ledger_durable: %s\n", why.c_str());
  std::exit(1);
}

/// Of this process, in all its threads.
double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// How clients choose ids: it makes no difference to a table of hashes, and much to a tree.
enum class Ids { ascending, random };

/// The transfers that both sides are given: between users.
std::vector<Transfer> some_transfers(std::size_t count, Ids ids, std::uint64_t round) {
  std::vector<Transfer> transfers(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto draw = [&](std::uint32_t number) {
      return nexa::core::random_bits({.seed = round, .entity = i, .draw = number});
    };
    Transfer& transfer = transfers[i];
    const std::uint64_t high = ids == Ids::random ? draw(0) : (std::uint64_t{1} << 40) + i;
    transfer.id.value = nexa::ledger::Amount{high} << 64 | draw(1);
    transfer.debit.value = 2 + static_cast<std::uint32_t>(draw(2) % users);
    transfer.credit.value = 2 + static_cast<std::uint32_t>(draw(3) % users);
    if (transfer.credit == transfer.debit) transfer.credit.value = 2 + transfer.debit.value % users;
    transfer.amount = 1 + draw(4) % 1000;
    transfer.reason = nexa::ledger::Reason::reward;
  }
  return transfers;
}

/// The ledger with its journal.
class Ours {
 public:
  explicit Ours(const std::string& path) {
    auto opened = nexa::io::LedgerJournal::open(nexa::io::posix_storage(), {path, "", ""}, ledger_);
    if (!opened) give_up(opened.error().message);
    journal_ = std::move(*opened);
    ledger_.attach(journal_.get());
    now_ = nexa::core::at_seconds(1'700'000'000);
    if (!ledger_.found({"bench.example/ledger", "ucr"}, now_)) give_up("no genesis");
    const auto mint = ledger_.open("op:mint", now_).value();
    std::vector<Transfer> grants;
    for (std::uint32_t user = 0; user < users; ++user) {
      Transfer grant;
      grant.id.value = user + 1;
      grant.debit = mint;
      grant.credit = ledger_.open("user:" + std::to_string(user), now_).value();
      grant.amount = nexa::ledger::Amount{1} << 60;
      grant.reason = nexa::ledger::Reason::grant;
      grants.push_back(grant);
    }
    ledger_.book(grants, now_);
    commit();
  }

  void add(std::span<const Transfer> batch) {
    now_ += Duration{1};
    for (const auto status : ledger_.book(batch, now_)) {
      if (status != nexa::ledger::Status::booked) give_up("a transfer was refused");
    }
    commit();
  }

 private:
  void commit() {
    if (const auto done = journal_->commit(); !done) give_up(done.error().message);
  }

  nexa::ledger::Ledger ledger_;
  std::unique_ptr<nexa::io::LedgerJournal> journal_;
  Time now_;
};

/// A table of transfers and nothing else: no balances, no hashes.
class Theirs {
 public:
  explicit Theirs(const std::string& path) {
    check(sqlite3_open(path.c_str(), &database_));
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("CREATE TABLE transfers(id BLOB PRIMARY KEY, debit INTEGER, credit INTEGER, "
        "amount INTEGER, time INTEGER, reason INTEGER) WITHOUT ROWID");
    prepare("BEGIN", begin_);
    prepare("COMMIT", commit_);
    prepare("INSERT INTO transfers VALUES(?,?,?,?,?,?)", insert_);
  }
  Theirs(const Theirs&) = delete;
  Theirs& operator=(const Theirs&) = delete;
  ~Theirs() {
    for (sqlite3_stmt* statement : {begin_, commit_, insert_}) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }

  void add(std::span<const Transfer> batch) {
    ++time_;
    step(begin_);
    for (const Transfer& transfer : batch) {
      const auto id = big_endian(transfer.id.value);
      sqlite3_bind_blob(insert_, 1, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
      sqlite3_bind_int64(insert_, 2, transfer.debit.value);
      sqlite3_bind_int64(insert_, 3, transfer.credit.value);
      sqlite3_bind_int64(insert_, 4, static_cast<sqlite3_int64>(transfer.amount));
      sqlite3_bind_int64(insert_, 5, time_);
      sqlite3_bind_int64(insert_, 6, static_cast<int>(transfer.reason));
      step(insert_);
    }
    step(commit_);
  }

 private:
  /// SQLite orders blobs by their bytes.
  static std::array<unsigned char, 16> big_endian(nexa::ledger::Amount id) {
    std::array<unsigned char, 16> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes.at(i) = static_cast<unsigned char>(id >> (120 - 8 * i));
    }
    return bytes;
  }
  void check(int code) {
    if (code != SQLITE_OK) give_up(std::string("SQLite: ") + sqlite3_errmsg(database_));
  }
  void run(const char* sql) { check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }
  void prepare(const char* sql, sqlite3_stmt*& statement) {
    check(sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr));
  }
  void step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) check(SQLITE_ERROR);
    sqlite3_reset(statement);
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  sqlite3_int64 time_ = 0;
};

/// How fast one side was.
struct Speed {
  double per_second;
  double processor_us;  ///< of each transfer
};

/// So many batches, each of them on disk before the next.
template <class Side>
Speed speed(const std::string& path, std::size_t batch, std::size_t batches, Ids ids,
            std::uint64_t round) {
  const auto transfers = some_transfers(batch * batches, ids, round);
  Side side(path);
  const auto start = Clock::now();
  const double processor_start = processor_seconds();
  for (std::size_t i = 0; i < batches; ++i) {
    side.add(std::span(transfers).subspan(i * batch, batch));
  }
  const auto count = static_cast<double>(transfers.size());
  return {count / seconds_since(start), (processor_seconds() - processor_start) / count * 1e6};
}

Json to_json(const std::vector<Speed>& speeds) {
  std::vector<double> rates;
  std::vector<double> processor;
  for (const Speed& one : speeds) {
    rates.push_back(one.per_second);
    processor.push_back(one.processor_us);
  }
  return {{"transfers_per_s", std::round(median(rates))},
          {"processor_us_per_transfer", std::round(median(processor) * 100) / 100}};
}

Json compare(const std::filesystem::path& folder, std::size_t batch, std::size_t batches,
             int rounds) {
  std::vector<Speed> ours;
  std::vector<Speed> ascending;
  std::vector<Speed> random;
  for (int round = 0; round < rounds; ++round) {
    const std::string path =
        (folder / (std::to_string(batch) + "-" + std::to_string(round))).string();
    const auto seed = static_cast<std::uint64_t>(round);
    ours.push_back(speed<Ours>(path + ".jsonl", batch, batches, Ids::random, seed));
    ascending.push_back(speed<Theirs>(path + "a.db", batch, batches, Ids::ascending, seed));
    random.push_back(speed<Theirs>(path + "r.db", batch, batches, Ids::random, seed));
  }
  const Json us = to_json(ours);
  const auto ratio = [&us](const Json& them) {
    const double quotient =
        us["transfers_per_s"].get<double>() / them["transfers_per_s"].get<double>();
    return std::round(quotient * 100) / 100;
  };
  return {{"batch", batch},
          {"transfers", batch * batches},
          {"rounds", rounds},
          {"ledger", us},
          {"sqlite_ascending_ids", to_json(ascending)},
          {"sqlite_random_ids", to_json(random)},
          {"ratio_to_ascending_ids", ratio(to_json(ascending))},
          {"ratio_to_random_ids", ratio(to_json(random))}};
}

/// Megabytes per second of libsodium's SHA-256 of a file's bytes, which are in memory.
double sodium_rate(const std::string& bytes) {
  unsigned char digest[crypto_hash_sha256_BYTES];
  const auto start = Clock::now();
  crypto_hash_sha256(digest, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return static_cast<double>(bytes.size()) / 1e6 / seconds_since(start);
}

double verify_rate(const std::string& path, bool replay, std::size_t bytes) {
  const auto start = Clock::now();
  const auto audit = nexa::io::audit_ledger(path, {}, {.replay = replay, .table_key = 0});
  const double seconds = seconds_since(start);
  if (!audit || !audit->holds()) give_up("the journal does not hold");
  return static_cast<double>(bytes) / 1e6 / seconds;
}

Json verification(const std::filesystem::path& folder, std::size_t entries, int rounds) {
  const std::string path = (folder / "verify.jsonl").string();
  {
    Ours side(path);
    const auto transfers = some_transfers(entries, Ids::random, 1);
    for (std::size_t at = 0; at < entries; at += nexa::ledger::largest_batch) {
      const std::size_t count = std::min(nexa::ledger::largest_batch, entries - at);
      side.add(std::span(transfers).subspan(at, count));
    }
  }
  const auto text = nexa::io::read_all(nexa::io::posix_storage(), path, std::size_t{4} << 30);
  if (!text) give_up(text.error().message);
  std::vector<double> replayed;
  std::vector<double> chained;
  std::vector<double> hashed;
  for (int round = 0; round < rounds; ++round) {
    hashed.push_back(sodium_rate(*text));
    chained.push_back(verify_rate(path, false, text->size()));
    replayed.push_back(verify_rate(path, true, text->size()));
  }
  const double sodium = median(hashed);
  return {{"entries", entries},
          {"bytes", text->size()},
          {"libsodium_sha256_mb_per_s", std::round(sodium)},
          {"verify_without_replay_mb_per_s", std::round(median(chained))},
          {"verify_mb_per_s", std::round(median(replayed))},
          {"ratio_without_replay", std::round(median(chained) / sodium * 100) / 100},
          {"ratio", std::round(median(replayed) / sodium * 100) / 100}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || sodium_init() < 0) give_up("usage: ledger_durable FOLDER [quick]");
  const bool quick = argc > 2 && std::string(argv[2]) == "quick";
  const std::filesystem::path folder = std::filesystem::path(argv[1]) / "ledger_durable";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const int rounds = quick ? 1 : 5;
  Json document{{"schema", "nexa.bench_ledger/1"},
                {"sqlite", sqlite3_libversion()},
                {"durable", Json::array()}};
  document["durable"].push_back(compare(folder, 1, quick ? 100 : 1000, rounds));
  document["durable"].push_back(compare(folder, 100, quick ? 100 : 1000, rounds));
  document["durable"].push_back(compare(folder, 8190, quick ? 5 : 40, rounds));
  document["verify"] = verification(folder, quick ? 100'000 : 1'000'000, rounds);
  std::filesystem::remove_all(folder);
  std::printf("%s\n", document.dump(2).c_str());
  return 0;
}
