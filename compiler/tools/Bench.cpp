//===- Bench.cpp - `tenon bench` ------------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Peak.h"
#include "compiler/import/Diagnostics.h"
#include "compiler/tools/RunnableModel.h"
#include "dialects/kernel/LayerRecord.h"
#include "llvm/Support/FormatVariadic.h"

#include <chrono>

using namespace mlir;
using namespace tenon;
using namespace tenon::tools;
namespace cl = llvm::cl;

#define HERE cl::cat(getCategory()), cl::sub(benchCommand)

static cl::opt<std::string> model(cl::Positional, cl::Required,
                                  cl::desc("MODEL.onnx"), HERE);
static cl::opt<unsigned> rounds("rounds", cl::init(20), cl::value_desc("N"),
                                cl::desc("Rounds, each of 10 ms or one run"),
                                HERE);
static cl::opt<bool> profile("profile", cl::desc("Time each layer"), HERE);
static cl::opt<bool> json("json", cl::desc("Print JSON"), HERE);

using Clock = std::chrono::steady_clock;

static double getSeconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

static double getMedian(std::vector<double> values) {
  if (values.empty())
    return 0;
  llvm::sort(values);
  return values[values.size() / 2];
}

namespace {
/// Sums the time of each layer.
struct Profile : RunHooks {
  Profile(int threads, size_t layers) : RunHooks(threads), seconds(layers) {}

  void onLayer(int layer, bool ended) override {
    if (!ended)
      start = Clock::now();
    else if (layer >= 0 && size_t(layer) < seconds.size())
      seconds[layer] += getSeconds(start);
  }

  std::vector<double> seconds;
  Clock::time_point start;
};

struct LayerTime {
  double seconds;
  kernel::LayerRecord layer;
};
} // namespace

static std::vector<LayerTime>
timeLayers(const std::function<int(const RunContext *)> &run, int threads,
           ArrayRef<kernel::LayerRecord> layers) {
  Profile times(threads, layers.size());
  unsigned runs = 0;
  auto start = Clock::now();
  do {
    run(times.getContext());
    ++runs;
  } while (getSeconds(start) < 0.5 || runs < 3);
  std::vector<LayerTime> result;
  for (auto [seconds, layer] : llvm::zip_equal(times.seconds, layers))
    result.push_back({seconds / runs, layer});
  return result;
}

static void printTimes(const kernel::Interface &interface, int threads,
                       double median, double least, double flops, double peak,
                       ArrayRef<LayerTime> layers) {
  llvm::json::Array list;
  for (const auto &[seconds, layer] : layers)
    list.push_back(
        llvm::json::Object{{"nodes", llvm::json::fixUTF8(layer.getNodesText())},
                           {"seconds", seconds},
                           {"macs", layer.macs}});
  tools::writeJson(llvm::json::Object{{"model", interface.name},
                                      {"target", interface.target},
                                      {"threads", threads},
                                      {"rounds", rounds.getValue()},
                                      {"median_seconds", median},
                                      {"min_seconds", least},
                                      {"flops_per_second", flops / median},
                                      {"peak_flops_per_second", peak},
                                      {"layers", std::move(list)}});
}

int tools::runBench() {
  if (rounds < 1)
    return reportUsage("--rounds wants a number from 1 on");
  RunnableModel loaded;
  if (int code = loaded.load(model, profile))
    return code;
  MLIRContext &context = loaded.context;
  const CompileOptions &options = loaded.options;
  Runner &runner = *loaded.runner;
  const kernel::Interface &interface = runner.getInterface();
  std::vector<Tensor> inputs;
  for (const kernel::Port &port : interface.inputs) {
    inputs.push_back(makeTensor(port));
    fillRandom(inputs.back(), inputs.size());
  }
  std::function<int(const RunContext *)> runWith = runner.prepare(inputs);
  if (!runWith)
    return reportError("code for " + Twine(options.target->name) +
                       " cannot be timed on this machine");
  RunHooks hooks(options.threads);
  auto run = [&] { return runWith(hooks.getContext()); };
  if (int status = run())
    return reportError("the model returned error code " + Twine(status));

  auto start = Clock::now();
  run();
  unsigned repeats = std::max(1.0, 0.01 / std::max(getSeconds(start), 1e-8));
  std::vector<double> times;
  for (unsigned i = 0; i < rounds; ++i) {
    start = Clock::now();
    for (unsigned j = 0; j < repeats; ++j)
      run();
    times.push_back(getSeconds(start) / repeats);
  }
  std::vector<kernel::LayerRecord> layers = kernel::getLayers(*loaded.module);
  double flops = 2.0 * kernel::getMacs(layers);
  std::vector<LayerTime> layerTimes;
  if (profile)
    layerTimes = timeLayers(runWith, options.threads, layers);
  double median = getMedian(times), least = *llvm::min_element(times);
  auto peak = measurePeak(context, *options.target);
  if (!peak)
    return reportError(llvm::toString(peak.takeError()));
  if (json) {
    printTimes(interface, options.threads, median, least, flops, *peak,
               layerTimes);
    return 0;
  }
  llvm::outs() << llvm::formatv(
      "{0} for {1}, {10}, {2} of {3}\n"
      "time   median {4:f2} us, least {5:f2} us\n"
      "speed  {6:f2} GFLOP/s, {7:f1} % of {8:f1} (12 independent multiply-adds "
      "of {9} floats in a loop)\n",
      interface.name, interface.target,
      importer::getCountText(times.size(), "round"),
      importer::getCountText(repeats, "run"), median * 1e6, least * 1e6,
      flops / median * 1e-9, 100 * flops / median / *peak, *peak * 1e-9,
      options.target->lanes, importer::getCountText(options.threads, "thread"));
  if (layerTimes.empty())
    return 0;
  llvm::outs() << "layer       us      %   GFLOP/s  nodes\n";
  double sum = 0;
  for (const LayerTime &time : layerTimes)
    sum += time.seconds;
  for (auto [index, time] : llvm::enumerate(layerTimes))
    llvm::outs() << llvm::format(
                        "%5zu %8.2f %6.1f %9.2f  ", index, time.seconds * 1e6,
                        100 * time.seconds / std::max(sum, 1e-12),
                        2e-9 * time.layer.macs / std::max(time.seconds, 1e-12))
                 << time.layer.getNodesText() << "\n";
  return 0;
}
