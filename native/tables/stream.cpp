// Streams of data, such as the console of a domain: https://libvirt.org/html/libvirt-libvirt-stream.html
#include "../adapted.hpp"
#include "../stream_events.hpp"
#include "tables.hpp"

namespace virtnet {

namespace {

constexpr int wouldBlock = -2;
constexpr unsigned mostAtOnce = 256 * 1024;  // what a daemon sends in one message

// How much was sent: 0 while there is no room.
int send(virStreamPtr stream, const std::vector<std::uint8_t>& data) {
  if (data.empty()) return 0;
  const int sent =
      VIRTNET_FUNCTION(virStreamSend)::get()(stream, reinterpret_cast<const char*>(data.data()), data.size());
  return sent == wouldBlock ? 0 : sent;
}

Received receive(virStreamPtr stream, Room room) {
  Received received;
  received.bytes.resize(std::clamp(room.bytes, 1U, mostAtOnce));
  received.status = VIRTNET_FUNCTION(virStreamRecv)::get()(
      stream, reinterpret_cast<char*>(received.bytes.data()), received.bytes.size());
  received.bytes.resize(static_cast<std::size_t>(std::max(received.status, 0)));
  return received;
}

constexpr Row rows[] = {
    ROW(virStreamNew),
    ADAPTED_ROW(virStreamSend, send, Means::Count),
    ADAPTED_ROW(virStreamRecv, receive),
    ROW(virStreamFinish),
    ROW(virStreamAbort),
    {"virStreamEventAddCallback", streamEventAddCallback, streamEventAddCallbackSignature},
    ROW(virStreamEventUpdateCallback),
    {"virStreamEventRemoveCallback", streamEventRemoveCallback, Deregistration::signature<virStreamPtr>},
};

}  // namespace

const Table streamTable = rows;

}  // namespace virtnet
