// The connection: https://libvirt.org/html/libvirt-libvirt-host.html
#include "../bind.hpp"
#include "tables.hpp"

namespace virtnet {

namespace {

constexpr Row rows[] = {
    ROW(virConnectOpen),
    ROW(virConnectOpenReadOnly),
    {"virConnectOpenAuth", openAuth, openAuthSignature},
    {"virConnectClose", close, closeSignature},
    ROW(virConnectGetType),
    ROW(virConnectGetURI),
    ROW(virConnectGetHostname),
    ROW(virConnectGetVersion),
    ROW(virConnectGetLibVersion),
    ROW(virGetVersion, Runs::Here),
    ROW(virConnectGetCapabilities),
    ROW(virConnectGetSysinfo),
    ROW(virConnectGetMaxVcpus, Means::Count),
    ROW(virConnectIsAlive, Means::Truth),
    ROW(virConnectIsEncrypted, Means::Truth),
    ROW(virConnectIsSecure, Means::Truth),
    ROW(virConnectSetKeepAlive, Means::Count),
    {"virConnectRegisterCloseCallback", registerCloseCallback, registerCloseCallbackSignature},
    {"virConnectUnregisterCloseCallback", unregisterCloseCallback, Deregistration::signature<virConnectPtr>},
};

}  // namespace

const Table connectTable = rows;

}  // namespace virtnet
