// The host's network interfaces: https://libvirt.org/html/libvirt-libvirt-interface.html
#include "../bind.hpp"
#include "tables.hpp"

namespace virtnet {

namespace {

constexpr Row rows[] = {
    ROW(virConnectListAllInterfaces),
    ROW(virConnectListInterfaces),
    ROW(virConnectListDefinedInterfaces),
    ROW(virConnectNumOfInterfaces, Means::Count),
    ROW(virConnectNumOfDefinedInterfaces, Means::Count),
    ROW(virInterfaceLookupByName),
    ROW(virInterfaceLookupByMACString),
    ROW(virInterfaceDefineXML),
    ROW(virInterfaceUndefine),
    ROW(virInterfaceCreate),
    ROW(virInterfaceDestroy),
    ROW(virInterfaceGetName, Runs::Here),
    ROW(virInterfaceGetMACString, Runs::Here),
    ROW(virInterfaceGetXMLDesc),
    ROW(virInterfaceIsActive, Means::Truth),
    ROW(virInterfaceChangeBegin),
    ROW(virInterfaceChangeCommit),
    ROW(virInterfaceChangeRollback),
};

}  // namespace

const Table interfaceTable = rows;

}  // namespace virtnet
