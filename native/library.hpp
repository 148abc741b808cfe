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
  constexpr bool contains(const char* part) const {
    return std::string_view(text).find(part) != std::string_view::npos;
  }
};

// A libvirt function: its C type, and its name to look it up by.
template <class Signature, Name name>
struct Function {
  using Type = Signature;
  static constexpr const char* text = name.text;
  static constexpr bool nameContains(const char* part) { return name.contains(part); }
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
