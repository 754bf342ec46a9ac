//===- Processes.cpp - Work in processes of its own -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Processes.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <csignal>
#include <cstring>
#include <map>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace tenon;
using Clock = std::chrono::steady_clock;

namespace {
struct Child {
  size_t index;
  pid_t pid;
  /// What the work returned, and what it printed.
  int valuePipe, outputPipe;
  Clock::time_point start;
  ProcessResult result;
  bool isLate = false;
};
} // namespace

static constexpr size_t kMaxOutput = 4096;

static double getSeconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

static void writeAll(int file, const std::string &text) {
  for (size_t done = 0; done < text.size();) {
    ssize_t count = write(file, text.data() + done, text.size() - done);
    if (count <= 0)
      return;
    done += count;
  }
}

/// Appends what can be read; false at the end. Nothing grows without bound.
static bool readSome(int file, std::string &text, size_t limit) {
  char buffer[4096];
  ssize_t count = read(file, buffer, sizeof buffer);
  if (count <= 0)
    return false;
  text.append(buffer, count);
  if (text.size() > limit)
    text.erase(0, text.size() - limit);
  return true;
}

static bool start(Child &child, llvm::function_ref<std::string(size_t)> work) {
  int value[2], output[2];
  if (pipe(value) != 0)
    return false;
  if (pipe(output) != 0) {
    close(value[0]);
    close(value[1]);
    return false;
  }
  llvm::outs().flush();
  llvm::errs().flush();
  child.start = Clock::now();
  child.pid = fork();
  if (child.pid == 0) {
    setpgid(0, 0); // so that what it starts ends with it
    close(value[0]);
    close(output[0]);
    dup2(output[1], STDOUT_FILENO);
    dup2(output[1], STDERR_FILENO);
    // The parent's handlers would print long stack traces.
    for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
      signal(number, SIG_DFL);
    writeAll(value[1], work(child.index));
    llvm::outs().flush();
    _exit(0);
  }
  close(value[1]);
  close(output[1]);
  if (child.pid < 0) {
    close(value[0]);
    close(output[0]);
    return false;
  }
  child.valuePipe = value[0];
  child.outputPipe = output[0];
  return true;
}

/// After both pipes ended.
static void finish(Child &child) {
  int status = 0;
  waitpid(child.pid, &status, 0);
  ProcessResult &result = child.result;
  result.seconds = getSeconds(child.start);
  if (child.isLate)
    result.failure = llvm::formatv("took more than {0:f0} s", result.seconds);
  else if (WIFSIGNALED(status))
    result.failure = std::string("crashed: ") + strsignal(WTERMSIG(status));
  else if (WEXITSTATUS(status) != 0 || result.value.empty())
    result.failure =
        "crashed: exit code " + std::to_string(WEXITSTATUS(status));
  if (!result.failure.empty())
    result.value.clear();
}

/// Waits for news of the children; ends those that take too long.
static void poll(std::vector<Child> &children, double timeout) {
  std::vector<pollfd> files;
  for (Child &child : children) {
    files.push_back({child.valuePipe, POLLIN, 0});
    files.push_back({child.outputPipe, POLLIN, 0});
  }
  ::poll(files.data(), files.size(), 200);
  for (size_t i = 0; i < children.size(); ++i) {
    Child &child = children[i];
    auto take = [&](int &file, const pollfd &news, std::string &text,
                    size_t limit) {
      if (file >= 0 && news.revents && !readSome(file, text, limit)) {
        close(file);
        file = -1;
      }
    };
    take(child.valuePipe, files[2 * i], child.result.value, SIZE_MAX);
    take(child.outputPipe, files[2 * i + 1], child.result.output, kMaxOutput);
    if (!child.isLate && getSeconds(child.start) > timeout) {
      child.isLate = true;
      kill(-child.pid, SIGKILL);
      kill(child.pid, SIGKILL);
    }
  }
}

void tenon::runIsolated(
    size_t count, unsigned jobs, double timeout,
    llvm::function_ref<std::string(size_t)> work,
    llvm::function_ref<void(size_t, const ProcessResult &)> done) {
  std::vector<Child> children;
  std::map<size_t, ProcessResult> finished;
  size_t next = 0, reported = 0;
  while (reported < count) {
    while (next < count && children.size() < std::max(jobs, 1u)) {
      Child child{next, 0, -1, -1, Clock::now(), {}};
      if (start(child, work))
        children.push_back(std::move(child));
      else
        finished[next].failure = "no process could be started";
      ++next;
    }
    if (!children.empty())
      poll(children, timeout);
    for (size_t i = children.size(); i-- > 0;) {
      Child &child = children[i];
      // A grandchild may hold the output open; the value is what counts.
      if (child.valuePipe >= 0)
        continue;
      if (child.outputPipe >= 0)
        close(child.outputPipe);
      finish(child);
      finished[child.index] = std::move(child.result);
      children.erase(children.begin() + i);
    }
    for (auto it = finished.find(reported); it != finished.end();
         it = finished.find(reported)) {
      done(reported++, it->second);
      finished.erase(it);
    }
  }
}
