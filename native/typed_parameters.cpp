#include "typed_parameters.hpp"

#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace virtnet {

namespace {

// The member of libvirt's union that a value of each type is in.
Napi::Value valueOf(Napi::Env env, const virTypedParameter& parameter) {
  switch (parameter.type) {
    case VIR_TYPED_PARAM_INT: return Wire<int>::give(env, parameter.value.i);
    case VIR_TYPED_PARAM_UINT: return Wire<unsigned>::give(env, parameter.value.ui);
    case VIR_TYPED_PARAM_LLONG: return Wire<long long>::give(env, parameter.value.l);
    case VIR_TYPED_PARAM_ULLONG: return Wire<unsigned long long>::give(env, parameter.value.ul);
    case VIR_TYPED_PARAM_DOUBLE: return Napi::Number::New(env, parameter.value.d);
    case VIR_TYPED_PARAM_BOOLEAN: return Napi::Boolean::New(env, parameter.value.b != 0);
    case VIR_TYPED_PARAM_STRING: return Text::give(env, parameter.value.s);
    default: return env.Undefined();
  }
}

void readValue(virTypedParameter& parameter, Napi::Value value, const Place& place) {
  switch (parameter.type) {
    case VIR_TYPED_PARAM_INT: parameter.value.i = Wire<int>::take(value, place); return;
    case VIR_TYPED_PARAM_UINT: parameter.value.ui = Wire<unsigned>::take(value, place); return;
    case VIR_TYPED_PARAM_LLONG: parameter.value.l = Wire<long long>::take(value, place); return;
    case VIR_TYPED_PARAM_ULLONG: parameter.value.ul = Wire<unsigned long long>::take(value, place); return;
    case VIR_TYPED_PARAM_DOUBLE:
      if (!value.IsNumber()) place.wrongType(value, "a number");
      parameter.value.d = value.As<Napi::Number>().DoubleValue();
      return;
    case VIR_TYPED_PARAM_BOOLEAN:
      if (!value.IsBoolean()) place.wrongType(value, "true or false");
      parameter.value.b = static_cast<char>(value.As<Napi::Boolean>().Value());
      return;
    case VIR_TYPED_PARAM_STRING: {
      const auto text = Wire<const char*>::take(value, place);
      if (!text) place.wrongType(value, "a string");
      parameter.value.s = strdup(text->c_str());
      if (parameter.value.s == nullptr) throw std::bad_alloc();
      return;
    }
    default: break;
  }
}

constexpr int mostParameters = 65536;  // four times what a daemon takes

}  // namespace

TypedParameters::TypedParameters(TypedParameters&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), length_(std::exchange(other.length_, 0)) {}

TypedParameters& TypedParameters::operator=(TypedParameters&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(length_, other.length_);
  return *this;
}

void TypedParameters::makeRoom(int length) {
  clear();
  data_ = static_cast<virTypedParameterPtr>(
      std::calloc(static_cast<std::size_t>(length), sizeof(virTypedParameter)));
  if (data_ == nullptr && length > 0) throw std::bad_alloc();
  length_ = length;
}

// libvirt, too, allocates its lists and their texts with malloc.
void TypedParameters::clear() noexcept {
  for (int i = 0; i < length_; i++)
    if (data_[i].type == VIR_TYPED_PARAM_STRING) std::free(data_[i].value.s);
  std::free(data_);
  data_ = nullptr;
  length_ = 0;
}

TypedParameters TypedParameters::take(Napi::Value value, const Place& place) {
  constexpr const char* expected = "a list of { field, type, value }";
  if (!value.IsArray()) place.wrongType(value, expected);
  const auto array = value.As<Napi::Array>();
  const std::uint32_t length = array.Length();
  if (length > mostParameters) place.outOfRange(value, "at most 65536 parameters");
  TypedParameters list;
  list.makeRoom(static_cast<int>(length));
  for (std::uint32_t i = 0; i < length; i++) {
    const Napi::Value member = array[i];
    if (!member.IsObject()) place.wrongType(member, expected);
    const auto object = member.As<Napi::Object>();
    virTypedParameter& parameter = list.data_[i];
    const auto field = Wire<const char*>::take(object.Get("field"), place);
    if (!field) place.wrongType(object.Get("field"), "a string");
    if (field->size() >= sizeof parameter.field)
      place.outOfRange(object.Get("field"), "a name of at most 79 bytes");
    std::memcpy(parameter.field, field->c_str(), field->size() + 1);
    const int type = Wire<int>::take(object.Get("type"), place);
    if (type < VIR_TYPED_PARAM_INT || type > VIR_TYPED_PARAM_STRING)
      place.outOfRange(object.Get("type"), "a type from 1 to 7");
    parameter.type = type;
    readValue(parameter, object.Get("value"), place);
  }
  return list;
}

TypedParameters TypedParameters::copy(const virTypedParameter* given, int length) {
  TypedParameters list;
  list.makeRoom(length);
  for (int i = 0; i < length; i++) {
    list.data_[i] = given[i];
    if (given[i].type != VIR_TYPED_PARAM_STRING || given[i].value.s == nullptr) continue;
    list.data_[i].value.s = strdup(given[i].value.s);
    if (list.data_[i].value.s == nullptr) throw std::bad_alloc();
  }
  return list;
}

Napi::Value TypedParameters::give(Napi::Env env, const virTypedParameter* given, int length) {
  auto array = Napi::Array::New(env, static_cast<std::size_t>(length));
  for (int i = 0; i < length; i++) {
    auto object = Napi::Object::New(env);
    object.Set("field", given[i].field);
    object.Set("type", given[i].type);
    object.Set("value", valueOf(env, given[i]));
    array.Set(static_cast<std::uint32_t>(i), object);
  }
  return array;
}

}  // namespace virtnet
