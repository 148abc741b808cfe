// Network filters, and their bindings to the ports of guests:
// https://libvirt.org/html/libvirt-libvirt-nwfilter.html
#include "../bind.hpp"
#include "tables.hpp"

namespace virtnet {

namespace {

constexpr Row rows[] = {
    ROW(virConnectListAllNWFilters),
    ROW(virConnectListNWFilters),
    ROW(virConnectNumOfNWFilters, Means::Count),
    ROW(virNWFilterLookupByName),
    ROW(virNWFilterLookupByUUID),
    ROW(virNWFilterLookupByUUIDString),
    ROW(virNWFilterDefineXML),
    ROW(virNWFilterDefineXMLFlags),
    ROW(virNWFilterUndefine),
    ROW(virNWFilterGetName, Runs::Here),
    ROW(virNWFilterGetUUID, Runs::Here),
    ROW(virNWFilterGetUUIDString, Runs::Here),
    ROW(virNWFilterGetXMLDesc),
    ROW(virConnectListAllNWFilterBindings),
    ROW(virNWFilterBindingLookupByPortDev),
    ROW(virNWFilterBindingCreateXML),
    ROW(virNWFilterBindingDelete),
    ROW(virNWFilterBindingGetPortDev, Runs::Here),
    ROW(virNWFilterBindingGetFilterName, Runs::Here),
    ROW(virNWFilterBindingGetXMLDesc),
};

}  // namespace

const Table nwfilterTable = rows;

}  // namespace virtnet
