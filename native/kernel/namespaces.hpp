// Work in another network namespace. What a thread opens there (a netlink socket, /dev/net/tun) belongs to
// that namespace for good, whoever uses it later; so a thread enters, opens and ends, and the process stays
// where it is.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "../fd.hpp"

namespace virtnet {

// The file that stands for a namespace, as /run/netns/NAME or /proc/PID/ns/net; nothing is the process's own.
using NamespacePath = std::optional<std::string>;

// Runs `work` there to its end, and throws what it throws; a SystemFailure when it cannot be entered.
void inNamespace(const NamespacePath& path, const std::function<void()>& work);
// The same, in the namespace of an open file.
void inNamespace(const Fd& file, const std::function<void()>& work);
// The same, in a namespace that is made for it, and that goes with it if nothing holds it by then.
void inNewNamespace(const std::function<void()>& work);

}  // namespace virtnet
