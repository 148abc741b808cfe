// Networks: https://libvirt.org/html/libvirt-libvirt-network.html
#include "../bind.hpp"
#include "../newer.hpp"
#include "tables.hpp"

namespace virtnet {

template <>
struct Record<virNetworkDHCPLease> {
  using T = virNetworkDHCPLease;
  using Free = VIRTNET_FUNCTION(virNetworkDHCPLeaseFree);
  static constexpr auto fields = std::tuple{
      Field{"iface", &T::iface},       Field{"expirytime", &T::expirytime},
      Field{"type", &T::type},         Field{"mac", &T::mac},
      Field{"iaid", &T::iaid},         Field{"ipaddr", &T::ipaddr},
      Field{"prefix", &T::prefix},     Field{"hostname", &T::hostname},
      Field{"clientid", &T::clientid},
  };
};

namespace {

using Events = EventFamily<virNetworkPtr, VIRTNET_FUNCTION(virConnectNetworkEventRegisterAny),
                           VIRTNET_FUNCTION(virConnectNetworkEventDeregisterAny), networkEvents>;

constexpr Row rows[] = {
    ROW(virConnectListAllNetworks),
    ROW(virConnectListNetworks),
    ROW(virConnectListDefinedNetworks),
    ROW(virConnectNumOfNetworks, Means::Count),
    ROW(virConnectNumOfDefinedNetworks, Means::Count),
    ROW(virNetworkLookupByName),
    ROW(virNetworkLookupByUUID),
    ROW(virNetworkLookupByUUIDString),
    ROW(virNetworkCreateXML),
    ROW(virNetworkCreateXMLFlags),
    ROW(virNetworkDefineXML),
    ROW(virNetworkDefineXMLFlags),
    ROW(virNetworkCreate),
    ROW(virNetworkDestroy),
    ROW(virNetworkUndefine),
    ROW(virNetworkUpdate),
    ROW(virNetworkGetName, Runs::Here),
    ROW(virNetworkGetUUID, Runs::Here),
    ROW(virNetworkGetUUIDString, Runs::Here),
    ROW(virNetworkGetXMLDesc),
    ROW(virNetworkGetBridgeName),
    ROW(virNetworkGetAutostart),
    ROW(virNetworkSetAutostart),
    ROW(virNetworkIsActive, Means::Truth),
    ROW(virNetworkIsPersistent, Means::Truth),
    ROW(virNetworkGetDHCPLeases),
    ROW(virNetworkGetMetadata),
    ROW(virNetworkSetMetadata),
    Events::registerRow(),
    Events::deregisterRow(),
};

}  // namespace

const Table networkTable = rows;

}  // namespace virtnet
