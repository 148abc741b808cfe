// All tables, and the rows that are written by hand because their functions take callbacks.
#pragma once

#include "../events.hpp"
#include "../row.hpp"

namespace virtnet {

extern const Table connectTable;
extern const Table domainTable;
extern const Table interfaceTable;
extern const Table networkPortTable;
extern const Table networkTable;
extern const Table nodeDeviceTable;
extern const Table nwfilterTable;
extern const Table streamTable;

extern const EventTable domainEvents;
extern const EventTable networkEvents;
extern const EventTable nodeDeviceEvents;

// virConnectOpenAuth: open_auth.cpp
Napi::Value openAuth(const Napi::CallbackInfo& info);
Signature openAuthSignature();
// virConnectClose and the close callback: close.cpp
Napi::Value close(const Napi::CallbackInfo& info);
Signature closeSignature();
Napi::Value registerCloseCallback(const Napi::CallbackInfo& info);
Signature registerCloseCallbackSignature();
Napi::Value unregisterCloseCallback(const Napi::CallbackInfo& info);

}  // namespace virtnet
