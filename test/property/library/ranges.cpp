// C++20's library, much of which runs at compile time.
#include <algorithm>
#include <bit>
#include <chrono>
#include <compare>
#include <concepts>
#include <map>
#include <numbers>
#include <ranges>
#include <semaphore>
#include <source_location>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>
#if __has_include(<format>)
#include <format>
#endif

struct Job {
  int priority = 0;
  std::string name;
  auto operator<=>(const Job &) const = default;
};

static std::map<std::string, Job> jobs;

std::vector<std::string> urgent(const std::vector<Job> &all) {
  std::vector<std::string> names;
  for (const std::string &name : all | std::views::filter([](const Job &job) { return job.priority > 3; }) |
                                     std::views::transform([](const Job &job) { return job.name + "!"; }))
    names.push_back(name);
  std::ranges::sort(names);
  return names;
}

int best(std::span<const Job> all) {
  auto found = std::ranges::max_element(all, {}, &Job::priority);
  return found == all.end() ? -1 : found->priority;
}

std::string keys() {
  std::string text;
  for (const auto &key : jobs | std::views::keys | std::views::reverse)
    text += key;
  for (auto part : text | std::views::split(','))
    text.append(part.begin(), part.end());
  for (int number : std::views::iota(0, 10) | std::views::take(3))
    text += std::to_string(number);
  return text;
}

template <std::integral T> T doubled(T value) { return std::rotl(static_cast<std::make_unsigned_t<T>>(value), 1); }

static std::counting_semaphore<4> slots{4};

void work(std::vector<int> &numbers) {
  std::jthread worker([&numbers](std::stop_token stop) {
    slots.acquire();
    while (!stop.stop_requested() && std::erase_if(numbers, [](int number) { return number > 2; }))
      std::this_thread::yield();
    slots.release();
  });
  worker.request_stop();
}

std::string where(std::source_location at = std::source_location::current()) {
#ifdef __cpp_lib_format
  return std::format("{}:{}", at.file_name(), at.line());
#else
  return at.file_name() + std::to_string(doubled(int(at.line())) * std::numbers::pi);
#endif
}
