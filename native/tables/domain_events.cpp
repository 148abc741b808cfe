// Events of domains: https://libvirt.org/html/libvirt-libvirt-domain.html#virDomainEventID
#include "../newer.hpp"
#include "tables.hpp"

namespace virtnet {

namespace {

// Its list is two parameters in C.
void tunableChanged(virConnectPtr connection, virDomainPtr domain, virTypedParameterPtr parameters,
                    int length, void* opaque) {
  Event<virDomainPtr, TypedParametersView>::fire(connection, domain, {parameters, length}, opaque);
}
static_assert(std::is_same_v<virConnectDomainEventTunableCallback, decltype(&tunableChanged)>);

const EventRow rows[] = {
    eventRow<virConnectDomainEventCallback, virDomainPtr, int, int>(VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                                                    "lifecycle"),
    eventRow<virConnectDomainEventGenericCallback, virDomainPtr>(VIR_DOMAIN_EVENT_ID_REBOOT, "reboot"),
    eventRow<virConnectDomainEventDeviceAddedCallback, virDomainPtr, const char*>(
        VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, "deviceAdded"),
    eventRow<virConnectDomainEventDeviceRemovedCallback, virDomainPtr, const char*>(
        VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, "deviceRemoved"),
    eventRow<virConnectDomainEventDeviceRemovalFailedCallback, virDomainPtr, const char*>(
        VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED, "deviceRemovalFailed"),
    eventRow<virConnectDomainEventMetadataChangeCallback, virDomainPtr, int, const char*>(
        VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, "metadataChange"),
    {VIR_DOMAIN_EVENT_ID_TUNABLE, "tunable", reinterpret_cast<void (*)()>(&tunableChanged),
     &Event<virDomainPtr, TypedParametersView>::signature},
    eventRow<virConnectDomainEventAgentLifecycleCallback, virDomainPtr, int, int>(
        VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE, "agentLifecycle"),
    eventRow<virConnectDomainEventNICMACChangeCallback, virDomainPtr, const char*, const char*, const char*>(
        VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE, "nicMACChange"),
};

}  // namespace

const EventTable domainEvents = rows;

}  // namespace virtnet
