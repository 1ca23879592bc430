#include "link/Link.h"
#include "RandomFacts.h"

#include <gtest/gtest.h>

using namespace heddle;
using facts::Facts;

namespace {

Facts linked(const std::vector<const Facts *> &parts) {
  llvm::Expected<Facts> result = link(parts);
  if (!result)
    llvm::report_fatal_error(result.takeError());
  return std::move(*result);
}

std::vector<uint8_t> bytesOf(const Facts &facts) { return {facts.bytes().begin(), facts.bytes().end()}; }

class LinkProperty : public testing::TestWithParam<unsigned> {
protected:
  void SetUp() override {
    for (unsigned i = 0; i < 7; ++i)
      units_.push_back(test::RandomUnit(GetParam(), i).make());
    for (const Facts &unit : units_)
      all_.push_back(&unit);
    whole_ = bytesOf(linked(all_));
  }
  std::vector<Facts> units_;
  std::vector<const Facts *> all_;
  std::vector<uint8_t> whole_;
};

} // namespace

TEST_P(LinkProperty, OrderMakesNoDifference) {
  std::mt19937 random(GetParam());
  for (int i = 0; i < 4; ++i) {
    std::shuffle(all_.begin(), all_.end(), random);
    ASSERT_EQ(bytesOf(linked(all_)), whole_);
  }
}

TEST_P(LinkProperty, GroupingMakesNoDifference) {
  std::mt19937 random(GetParam());
  for (size_t groups : {2, 3, 5}) {
    std::vector<std::vector<const Facts *>> split(groups);
    for (const Facts *unit : all_)
      split[random() % groups].push_back(unit);
    std::vector<Facts> parts;
    for (const auto &group : split)
      parts.push_back(linked(group));
    std::vector<const Facts *> pointers;
    for (const Facts &part : parts)
      pointers.push_back(&part);
    ASSERT_EQ(bytesOf(linked(pointers)), whole_);
  }
}

TEST_P(LinkProperty, TwiceIsOnce) {
  std::vector<const Facts *> twice = all_;
  twice.insert(twice.end(), all_.begin(), all_.end());
  EXPECT_EQ(bytesOf(linked(twice)), whole_);
  Facts again = linked(all_);
  EXPECT_EQ(bytesOf(linked({&again})), whole_);
  std::vector<const Facts *> mixed = all_;
  mixed.push_back(&again);
  EXPECT_EQ(bytesOf(linked(mixed)), whole_);
}

TEST_P(LinkProperty, OneUnitIsItself) {
  for (const Facts &unit : units_)
    EXPECT_EQ(bytesOf(linked({&unit})), bytesOf(unit));
}

INSTANTIATE_TEST_SUITE_P(Seeds, LinkProperty, testing::Range(0u, 40u));

namespace {

/// A unit with one function, whose body has that many calls to itself.
Facts unitWith(llvm::StringRef file, unsigned calls, llvm::StringRef bodyFile) {
  facts::Builder b;
  facts::UnitId unit = b.unit({b.file(file, facts::FileFlag::MainFile), b.string("command")});
  facts::FunctionId function = b.function({b.string("_Z1fv"), b.string("f"), b.string("f()")});
  facts::BodyDraft body;
  body.function = function;
  body.location = b.location({b.file(bodyFile), 1, 3, 1, 2, 0, 20});
  facts::EventDraft call{facts::EventKind::Call};
  call.callee = function;
  body.events.assign(calls, call);
  body.blocks = {{0, calls, {}, facts::BlockFlag::Exit}};
  b.body(unit, body);
  return llvm::cantFail(Facts::open(b.freeze()));
}

} // namespace

TEST(Link, HeaderBodiesAreStoredOnce) {
  Facts a = unitWith("a.cc", 2, "h.h"), b = unitWith("b.cc", 2, "h.h");
  Facts both = linked({&a, &b});
  EXPECT_EQ(both.functions().size(), 1u);
  EXPECT_EQ(both.bodies().size(), 1u);
  EXPECT_EQ(both.units().size(), 2u);
  EXPECT_EQ(both.unit_bodies().size(), 2u) << "both units have it";
}

TEST(Link, DifferentBodiesAreVariants) {
  Facts a = unitWith("a.cc", 2, "h.h"), b = unitWith("b.cc", 3, "h.h");
  Facts both = linked({&a, &b});
  ASSERT_EQ(both.functions().size(), 1u);
  ASSERT_EQ(both.bodies().size(), 2u);
  EXPECT_EQ(both.bodies()[0].function(), both.bodies()[1].function());
  EXPECT_NE(both.bodies()[0].event_count(), both.bodies()[1].event_count());
}

TEST(Link, NothingIsSomethingEmpty) {
  Facts empty = linked({});
  EXPECT_EQ(empty.units().size(), 0u);
  EXPECT_EQ(bytesOf(linked({&empty})), bytesOf(empty));
}
