// What the programs of this folder share: checks that end them, and cases of which a run does one.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::_Exit(1);
}
#define CHECK(...) check((__VA_ARGS__), #__VA_ARGS__)

struct Case {
  const char* name;
  void (*run)();
};

// For main(): does the case that its argument names. Without an argument: the names of the cases, a line
// each.
inline int runCase(std::span<const Case> cases, int count, char** arguments) {
  const std::string_view wanted = count > 1 ? arguments[1] : "";
  for (const Case& one : cases) {
    if (wanted.empty()) std::puts(one.name);
    if (wanted != one.name) continue;
    one.run();
    return 0;
  }
  return wanted.empty() ? 0 : 2;
}
