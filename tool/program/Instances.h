// Which classes the target makes objects of, and which overriders a virtual call can therefore reach.
//
// Computes. A class is made by the construction of a complete object of it (a variable, a member, a temporary, new, what models
// say that library functions construct); parts of an object that is made are made with it, and so is what a library's template
// was given by value as an argument. A virtual call reaches an overrider only if some class that is made, and that derives from
// the static type, has it as its own. In a target without main anybody may make anything: there every class counts as made.
// Gets wrong: which of the classes that are made an expression can point at isn't asked; objects that a library makes of a class
// that it was never given as a template argument (by a factory that is registered by name) are missed.
//
// Source: Bacon and Sweeney, "Fast Static Analysis of C++ Virtual Function Calls" (rapid type analysis), OOPSLA 1996.
#pragma once

#include "program/Program.h"

#include "llvm/ADT/SmallVector.h"

#include <map>

namespace heddle {

class Instances {
public:
  explicit Instances(const Program &program);

  bool made(facts::RecordId record) const { return all_ || made_[record]; }
  /// The functions that a call dispatched on `method` may run: itself or overriders at any depth; sorted. Those without body and
  /// model are left out.
  llvm::ArrayRef<facts::FunctionId> overriders(facts::FunctionId method) const;

private:
  void findMade();
  void makeOf(facts::TypeId type);
  void make(facts::RecordId record);
  llvm::SmallVector<facts::FunctionId, 2> find(facts::FunctionId method) const;
  bool reaches(facts::FunctionId overrider, llvm::ArrayRef<facts::FunctionId> candidates) const;
  bool isA(facts::RecordId derived, facts::RecordId base) const;

  const Program &program_;
  bool all_ = false;
  std::vector<bool> made_; // by record
  std::vector<facts::RecordId> todo_;
  std::vector<llvm::SmallVector<facts::FieldId, 0>> fields_;        // by record
  std::vector<llvm::SmallVector<facts::RecordId, 1>> bases_;        // by record
  std::vector<llvm::SmallVector<facts::RecordId, 0>> derived_;      // by record: made classes that are one, transitively
  std::vector<llvm::SmallVector<facts::FunctionId, 1>> overridden_; // by function: who overrides it directly
  mutable std::map<facts::FunctionId, llvm::SmallVector<facts::FunctionId, 2>> found_;
};

} // namespace heddle
