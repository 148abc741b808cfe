// libvirt, opened at run time and looked up one symbol at a time: the addon loads on a machine
// without libvirt, and one binary serves every libvirt version.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

namespace virtnet {

class Library {
 public:
  // Opened by the first caller and never closed: libvirt's own threads and callbacks may outlive
  // every JavaScript environment.
  static const Library& instance();

  // The address of a public function, nullptr when this libvirt does not have it.
  void* symbol(const char* name) const noexcept;

  bool present() const noexcept { return libvirt_ != nullptr; }
  // What the dynamic linker said, empty when libvirt was found.
  const std::string& complaint() const noexcept { return complaint_; }

 private:
  Library();
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
    static const auto address = reinterpret_cast<Signature>(Library::instance().symbol(name.text));
    return address;
  }
};

// The type alone is used: naming the function here makes no reference that the linker must find.
#define VIRTNET_FUNCTION(name) ::virtnet::Function<decltype(&name), #name>

}  // namespace virtnet
