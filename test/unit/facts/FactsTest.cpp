// Facts: one canonical form whatever the order of adding, and no buffer that is read without being checked.
#include "facts/Builder.h"

#include <gtest/gtest.h>
#include <random>

using namespace heddle::facts;

namespace {

/// Adds `count` functions in the order of `order`, each with a body that writes a global and calls the one before it.
std::vector<uint8_t> program(std::vector<int> order) {
  Builder b;
  TypeId integer = b.type({.kind = TypeKind::Integer, .name = b.string("int"), .size = 4});
  FileId file = b.file("src/a.cpp", FileFlag::MainFile);
  UnitId unit = b.unit({.file = file, .command = b.string("-std=c++17")});
  auto function = [&](int i) {
    std::string name = "f" + std::to_string(i);
    return b.function({.entity = b.string(name), .name = b.string(name), .display = b.string(name + "()"), .result = integer});
  };
  for (int i : order) {
    VariableId variable = b.variable({.entity = b.string("g" + std::to_string(i)), .name = b.string("g"), .type = integer});
    BodyDraft body;
    body.function = function(i);
    body.location =
        b.location({.file = file, .line = uint32_t(i + 1), .end_line = uint32_t(i + 1), .column = 1, .end_column = 9});
    body.events.push_back({.kind = EventKind::Write,
                           .place = b.place(PlaceKind::Global, variable, integer),
                           .operands = {b.place(PlaceKind::Constant, b.constant(i), integer)},
                           .location = body.location});
    body.events.push_back({.kind = EventKind::Call, .callee = function(i + 1), .location = body.location});
    body.blocks.push_back({.first = 0, .count = 2, .edges = {{.to = 1}}});
    body.blocks.push_back({.first = 2, .flags = BlockFlag::Exit});
    b.body(unit, std::move(body));
  }
  return b.freeze();
}

TEST(Facts, OrderOfAddingDoesNotShow) {
  EXPECT_EQ(program({0, 1, 2, 3, 4}), program({4, 2, 0, 3, 1}));
  EXPECT_EQ(program({0, 1}), program({0, 1, 1, 0}));
  EXPECT_NE(program({0, 1}), program({0, 2}));
}

TEST(Facts, MergingWithItselfChangesNothing) {
  auto facts = Facts::open(program({0, 1, 2}));
  ASSERT_TRUE(bool(facts)) << toString(facts.takeError());
  Builder b;
  b.merge(*facts);
  b.merge(*facts);
  std::vector<uint8_t> again = b.freeze();
  EXPECT_EQ(again, std::vector<uint8_t>(facts->bytes().begin(), facts->bytes().end()));
}

TEST(Facts, BodiesOfOneContentAreStoredOnce) {
  auto facts = Facts::open(program({0, 0, 0}));
  ASSERT_TRUE(bool(facts)) << toString(facts.takeError());
  EXPECT_EQ(facts->bodies().size(), 1u);
}

TEST(Facts, VariantsOfOneFunctionAreKept) {
  Builder b;
  UnitId unit = b.unit({.file = b.file("a.c"), .command = b.string("")});
  for (uint32_t line : {1u, 2u}) {
    BodyDraft body;
    body.function = b.function({.entity = b.string("f"), .name = b.string("f")});
    body.location = b.location({.file = 0, .line = line, .end_line = line, .column = 1, .end_column = 2});
    body.blocks.push_back({.flags = BlockFlag::Exit});
    b.body(unit, std::move(body));
  }
  auto facts = Facts::open(b.freeze());
  ASSERT_TRUE(bool(facts)) << toString(facts.takeError());
  EXPECT_EQ(facts->bodies().size(), 2u);
  EXPECT_EQ(facts->functions().size(), 1u);
}

TEST(Facts, DerefOfAddressIsThePlaceItself) {
  Builder b;
  TypeId type = b.type({.kind = TypeKind::Integer, .name = b.string("int")});
  PlaceId param = b.place(PlaceKind::Param, 0, type);
  EXPECT_EQ(b.deref(b.addressOf(param, type), type), param);
  EXPECT_EQ(b.addressOf(b.deref(param, type), type), param);
}

TEST(Facts, DamagedBuffersAreRefusedOrSound) {
  // Any byte may be anything: opening either fails with words, or gives facts whose every id can be followed.
  const std::vector<uint8_t> good = program({0, 1, 2, 3});
  std::mt19937 random(7);
  unsigned refused = 0;
  for (unsigned i = 0; i < 4000; ++i) {
    std::vector<uint8_t> bytes = good;
    for (unsigned k = 0; k <= i % 3; ++k)
      bytes[random() % bytes.size()] = static_cast<uint8_t>(random());
    if (i % 50 == 0)
      bytes.resize(random() % bytes.size());
    auto facts = Facts::open(std::move(bytes));
    if (!facts) {
      ++refused;
      EXPECT_FALSE(toString(facts.takeError()).empty());
      continue;
    }
    std::string text;
    llvm::raw_string_ostream out(text);
    print(*facts, out);
  }
  EXPECT_GT(refused, 100u);
  EXPECT_LT(refused, 3900u); // some damage is harmless, and must then be readable
}

TEST(Facts, CleanupChainsMustEnd) {
  Builder b;
  UnitId unit = b.unit({.file = b.file("a.c"), .command = b.string("")});
  BodyDraft body;
  body.function = b.function({.entity = b.string("f"), .name = b.string("f")});
  body.blocks.push_back({.flags = BlockFlag::Exit});
  body.cleanups.push_back({.kind = CleanupKind::Terminate, .next = 0}); // itself
  b.body(unit, std::move(body));
  auto facts = Facts::open(b.freeze());
  ASSERT_FALSE(bool(facts));
  EXPECT_EQ(toString(facts.takeError()), "damaged facts: cleanup chain");
}

} // namespace
