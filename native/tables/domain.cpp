// Domains, as far as their networking: https://libvirt.org/html/libvirt-libvirt-domain.html
#include "../adapted.hpp"
#include "../newer.hpp"
#include "tables.hpp"

namespace virtnet {

template <>
struct Record<virDomainInterfaceStatsStruct> {
  using T = virDomainInterfaceStatsStruct;
  static constexpr auto fields = std::tuple{
      Field{"rx_bytes", &T::rx_bytes}, Field{"rx_packets", &T::rx_packets},
      Field{"rx_errs", &T::rx_errs},   Field{"rx_drop", &T::rx_drop},
      Field{"tx_bytes", &T::tx_bytes}, Field{"tx_packets", &T::tx_packets},
      Field{"tx_errs", &T::tx_errs},   Field{"tx_drop", &T::tx_drop},
  };
};

template <>
struct Record<virDomainIPAddress> {
  using T = virDomainIPAddress;
  static constexpr auto fields =
      std::tuple{Field{"type", &T::type}, Field{"addr", &T::addr}, Field{"prefix", &T::prefix}};
};

template <>
struct Record<virDomainInterface> {
  using T = virDomainInterface;
  using Free = VIRTNET_FUNCTION(virDomainInterfaceFree);
  static constexpr auto fields = std::tuple{Field{"name", &T::name}, Field{"hwaddr", &T::hwaddr},
                                            ListField{"addrs", &T::addrs, &T::naddrs}};
};

// Statistics, a record for each domain. libvirt frees the list as a whole, and the domains with it.
template <>
struct Parameter<virDomainStatsRecord***> : ResultParameter {
  static std::string typescript() {
    return std::string("{ dom: ") + HandleType<virDomainPtr>::name +
           "; params: " + TypedParameters::typescript + " }[]";
  }

  virDomainStatsRecordPtr* allocated = nullptr;
  std::vector<Ref<virDomainPtr>> domains;

  Parameter() = default;
  Parameter(const Parameter&) = delete;
  Parameter& operator=(const Parameter&) = delete;
  ~Parameter() {
    if (allocated != nullptr) VIRTNET_FUNCTION(virDomainStatsRecordListFree)::get()(allocated);
  }
  virDomainStatsRecord*** lend() { return &allocated; }
  void keep(const Session_& session, long length) {
    for (long i = 0; i < length; i++) domains.push_back(Ref<virDomainPtr>::share(session, allocated[i]->dom));
  }
  Napi::Value give(Napi::Env env) {
    auto array = Napi::Array::New(env, domains.size());
    for (std::uint32_t i = 0; i < domains.size(); i++) {
      auto record = Napi::Object::New(env);
      record.Set("dom", domains[i].give(env));
      record.Set("params", TypedParameters::give(env, allocated[i]->params, allocated[i]->nparams));
      array.Set(i, record);
    }
    return array;
  }
};

namespace {

// The first call says how many there are.
int getInterfaceParameters(virDomainPtr domain, const char* device, TypedParameters& parameters,
                           unsigned flags) {
  const auto call = VIRTNET_FUNCTION(virDomainGetInterfaceParameters)::get();
  int length = 0;
  if (call(domain, device, nullptr, &length, flags) < 0) return -1;
  parameters.makeRoom(length);
  const int status = call(domain, device, parameters.data(), &length, flags);
  if (status == 0) parameters.shorten(std::min(length, parameters.length()));
  return status;
}

int setInterfaceParameters(virDomainPtr domain, const char* device, const TypedParameters& parameters,
                           unsigned flags) {
  return VIRTNET_FUNCTION(virDomainSetInterfaceParameters)::get()(domain, device, parameters.data(),
                                                                  parameters.length(), flags);
}

int announceInterface(virDomainPtr domain, const char* device, const TypedParameters& parameters,
                      unsigned flags) {
  return VIRTNET_FUNCTION(virDomainAnnounceInterface)::get()(domain, device, parameters.data(),
                                                             parameters.length(), flags);
}

int interfaceStats(virDomainPtr domain, const char* device, virDomainInterfaceStatsStruct& stats) {
  return VIRTNET_FUNCTION(virDomainInterfaceStats)::get()(domain, device, &stats, sizeof stats);
}

int getGuestInfo(virDomainPtr domain, unsigned types, TypedParameters& parameters, unsigned flags) {
  return VIRTNET_FUNCTION(virDomainGetGuestInfo)::get()(domain, types, parameters.allocated(),
                                                        parameters.allocatedLength(), flags);
}

// libvirt's list ends with a NULL.
int listGetStats(const std::vector<virDomainPtr>& domains, unsigned stats, virDomainStatsRecord*** records,
                 unsigned flags) {
  std::vector<virDomainPtr> list = domains;
  list.push_back(nullptr);
  return VIRTNET_FUNCTION(virDomainListGetStats)::get()(list.data(), stats, records, flags);
}

using Events = EventFamily<virDomainPtr, VIRTNET_FUNCTION(virConnectDomainEventRegisterAny),
                           VIRTNET_FUNCTION(virConnectDomainEventDeregisterAny), domainEvents>;

constexpr Row rows[] = {
    ROW(virConnectGetDomainCapabilities),
    ROW(virConnectListAllDomains),
    ROW(virConnectListDefinedDomains),
    ROW(virConnectNumOfDomains, Means::Count),
    ROW(virConnectNumOfDefinedDomains, Means::Count),
    ROW(virDomainLookupByName),
    ROW(virDomainLookupByID),
    ROW(virDomainLookupByUUID),
    ROW(virDomainLookupByUUIDString),
    ROW(virDomainGetName, Runs::Here),
    ROW(virDomainGetID, Runs::Here),
    ROW(virDomainGetUUID, Runs::Here),
    ROW(virDomainGetUUIDString, Runs::Here),
    ROW(virDomainGetOSType),
    ROW(virDomainGetState),
    ROW(virDomainIsActive, Means::Truth),
    ROW(virDomainIsPersistent, Means::Truth),
    ROW(virDomainIsUpdated, Means::Truth),
    ROW(virDomainDefineXML),
    ROW(virDomainDefineXMLFlags),
    ROW(virDomainUndefine),
    ROW(virDomainUndefineFlags),
    ROW(virDomainRename),
    ROW(virDomainCreateXML),
    ROW(virDomainCreate),
    ROW(virDomainCreateWithFlags),
    ROW(virDomainSuspend),
    ROW(virDomainResume),
    ROW(virDomainShutdown),
    ROW(virDomainShutdownFlags),
    ROW(virDomainReboot),
    ROW(virDomainReset),
    ROW(virDomainDestroy),
    ROW(virDomainDestroyFlags),
    ROW(virDomainGetAutostart),
    ROW(virDomainSetAutostart),
    ROW(virDomainGetAutostartOnce),
    ROW(virDomainSetAutostartOnce),
    ROW(virDomainGetXMLDesc),
    ROW(virDomainGetMetadata),
    ROW(virDomainSetMetadata),
    ROW(virDomainAttachDevice),
    ROW(virDomainAttachDeviceFlags),
    ROW(virDomainDetachDevice),
    ROW(virDomainDetachDeviceFlags),
    ROW(virDomainDetachDeviceAlias),
    ROW(virDomainUpdateDeviceFlags),
    ADAPTED_ROW(virDomainInterfaceStats, interfaceStats),
    ADAPTED_ROW(virDomainGetInterfaceParameters, getInterfaceParameters),
    ADAPTED_ROW(virDomainSetInterfaceParameters, setInterfaceParameters),
    ROW(virDomainInterfaceAddresses),
    ADAPTED_ROW(virDomainAnnounceInterface, announceInterface),
    ADAPTED_ROW(virDomainListGetStats, listGetStats),
    ROW(virConnectGetAllDomainStats),
    ROW(virDomainGetHostname),
    ADAPTED_ROW(virDomainGetGuestInfo, getGuestInfo),
    ROW(virDomainAgentSetResponseTimeout),
    ROW(virDomainOpenConsole),
    ROW(virDomainOpenChannel),
    Events::registerRow(),
    Events::deregisterRow(),
};

}  // namespace

const Table domainTable = rows;

}  // namespace virtnet
