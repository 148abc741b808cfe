// Ports of networks: https://libvirt.org/html/libvirt-libvirt-network.html
#include "../adapted.hpp"
#include "tables.hpp"

namespace virtnet {

namespace {

int getParameters(virNetworkPortPtr port, TypedParameters& parameters, unsigned flags) {
  return VIRTNET_FUNCTION(virNetworkPortGetParameters)::get()(port, parameters.allocated(),
                                                              parameters.allocatedLength(), flags);
}

int setParameters(virNetworkPortPtr port, const TypedParameters& parameters, unsigned flags) {
  return VIRTNET_FUNCTION(virNetworkPortSetParameters)::get()(port, parameters.data(), parameters.length(),
                                                              flags);
}

constexpr Row rows[] = {
    ROW(virNetworkListAllPorts),
    ROW(virNetworkPortLookupByUUID),
    ROW(virNetworkPortLookupByUUIDString),
    ROW(virNetworkPortCreateXML),
    ROW(virNetworkPortDelete),
    ROW(virNetworkPortGetUUID, Runs::Here),
    ROW(virNetworkPortGetUUIDString, Runs::Here),
    ROW(virNetworkPortGetXMLDesc),
    ADAPTED_ROW(virNetworkPortGetParameters, getParameters),
    ADAPTED_ROW(virNetworkPortSetParameters, setParameters),
};

}  // namespace

const Table networkPortTable = rows;

}  // namespace virtnet
