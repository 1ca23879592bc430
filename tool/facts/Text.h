// Places as a reader writes them.
#pragma once

#include "facts/Facts.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace heddle::facts {

/// Writes places of `facts`, and of whoever extends its table: `row` gives the row of an id, `fieldName` the name of a field
/// (pseudo-fields of models included).
struct PlaceText {
  const Facts &facts;
  llvm::function_ref<const Place &(PlaceId)> row;
  llvm::function_ref<std::string(FieldId)> fieldName;
  llvm::function_ref<int64_t(ConstantId)> constant;
  const BodyView *body = nullptr; // names of parameters, locals and captures; null: "arg0", "local0"
  bool namesResults = false;      // by the variable that keeps it, or the call: "queue", "open()"; else "result3"

  std::string operator()(PlaceId id) const;

private:
  std::string object(PlaceId id) const; // what a member access writes in front of its dot or arrow, operator included
  std::string result(EventId event) const;
  std::string name(const Local &local, std::string fallback) const;
};

/// For places of `facts` alone.
std::string text(const Facts &facts, PlaceId id, const BodyView *body = nullptr);

} // namespace heddle::facts
