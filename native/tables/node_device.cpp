// Devices of the host: https://libvirt.org/html/libvirt-libvirt-nodedev.html
#include "../bind.hpp"
#include "../newer.hpp"
#include "tables.hpp"

namespace virtnet {

namespace {

using Events = EventFamily<virNodeDevicePtr, VIRTNET_FUNCTION(virConnectNodeDeviceEventRegisterAny),
                           VIRTNET_FUNCTION(virConnectNodeDeviceEventDeregisterAny), nodeDeviceEvents>;

constexpr Row rows[] = {
    ROW(virConnectListAllNodeDevices),
    ROW(virNodeListDevices),
    ROW(virNodeNumOfDevices, Means::Count),
    ROW(virNodeDeviceLookupByName),
    ROW(virNodeDeviceLookupSCSIHostByWWN),
    ROW(virNodeDeviceGetName, Runs::Here),
    ROW(virNodeDeviceGetParent, Means::Maybe),
    ROW(virNodeDeviceListCaps),
    ROW(virNodeDeviceNumOfCaps, Means::Count),
    ROW(virNodeDeviceGetXMLDesc),
    ROW(virNodeDeviceDettach),
    ROW(virNodeDeviceDetachFlags),
    ROW(virNodeDeviceReAttach),
    ROW(virNodeDeviceReset),
    ROW(virNodeDeviceCreateXML),
    ROW(virNodeDeviceDestroy),
    ROW(virNodeDeviceDefineXML),
    ROW(virNodeDeviceUndefine),
    ROW(virNodeDeviceCreate),
    ROW(virNodeDeviceGetAutostart),
    ROW(virNodeDeviceSetAutostart),
    ROW(virNodeDeviceIsActive, Means::Truth),
    ROW(virNodeDeviceIsPersistent, Means::Truth),
    ROW(virNodeDeviceUpdate),
    Events::registerRow(),
    Events::deregisterRow(),
};

}  // namespace

const Table nodeDeviceTable = rows;

}  // namespace virtnet
