// libvirt, opened at run time and looked up one symbol at a time: the addon loads on a machine
// without libvirt, and one binary serves every libvirt version.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace virtnet {

class Library {
 public:
  // Opened by the first caller that can and never closed: libvirt's own threads and callbacks may
  // outlive every JavaScript environment.
  static Library& instance();

  // The address of a public function, nullptr when this libvirt does not have it.
  void* symbol(const char* name) noexcept;
  // Keeps libvirt's XML parser from printing warnings on stderr by itself. libxml2 has that setting a thread,
  // so that of the rest of the process is left alone.
  void silenceParserHere() noexcept;
  // What the dynamic linker said, empty when libvirt was found.
  std::string complaint();

 private:
  Library() = default;
  bool open();

  std::mutex mutex_;
  void* libvirt_ = nullptr;
  void* qemu_ = nullptr;
  std::string complaint_;
};

// A string as a template argument.
template <std::size_t N>
struct Name {
  char text[N];
  constexpr Name(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  // By hand: under UndefinedBehaviorSanitizer GCC 12 takes string_view's search for no constant.
  template <std::size_t M>
  constexpr bool contains(const char (&part)[M]) const {
    for (std::size_t start = 0; start + M <= N; start++)
      if (std::equal(part, part + M - 1, text + start)) return true;
    return false;
  }
};

// A libvirt function: its C type, and its name to look it up by.
template <class Signature, Name name>
struct Function {
  using Type = Signature;
  static constexpr const char* text = name.text;
  template <std::size_t M>
  static constexpr bool nameContains(const char (&part)[M]) {
    return name.contains(part);
  }
  static Signature get() noexcept {
    static std::atomic<void*> known = nullptr;
    void* address = known.load(std::memory_order_acquire);
    // One that is missing is looked for again: libvirt may be installed by then.
    if (address == nullptr) known = address = Library::instance().symbol(name.text);
    return reinterpret_cast<Signature>(address);
  }
};

// The type alone is used: naming the function here makes no reference that the linker must find.
#define VIRTNET_FUNCTION(name) ::virtnet::Function<decltype(&name), #name>

}  // namespace virtnet
