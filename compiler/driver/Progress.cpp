//===- Progress.cpp - What a long compile is doing ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Progress.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

using namespace tenon;
using Clock = std::chrono::steady_clock;

struct Progress::State {
  std::mutex mutex;
  std::condition_variable isOver;
  bool over = false, printed = false;
  std::string stage;
  Clock::time_point start = Clock::now();
  std::thread thread;

  void run() {
    std::unique_lock<std::mutex> lock(mutex);
    auto wait = std::chrono::milliseconds(2000);
    while (!isOver.wait_for(lock, wait, [&] { return over; })) {
      std::chrono::duration<double> seconds = Clock::now() - start;
      llvm::errs() << llvm::formatv("\r\033[K{0}: {1:f1} s", stage,
                                    seconds.count());
      printed = true;
      wait = std::chrono::milliseconds(500);
    }
    if (printed)
      llvm::errs() << "\r\033[K";
  }
};

static Progress *current = nullptr;

Progress::Progress(bool isWanted) {
  if (!isWanted || !llvm::sys::Process::StandardErrIsDisplayed())
    return;
  state = std::make_unique<State>();
  state->thread = std::thread([this] { state->run(); });
  current = this;
}

Progress::~Progress() {
  if (!state)
    return;
  current = nullptr;
  {
    std::lock_guard<std::mutex> lock(state->mutex);
    state->over = true;
  }
  state->isOver.notify_all();
  state->thread.join();
}

void Progress::setStage(llvm::StringRef stage) {
  if (!current)
    return;
  std::lock_guard<std::mutex> lock(current->state->mutex);
  current->state->stage = stage.str();
}
