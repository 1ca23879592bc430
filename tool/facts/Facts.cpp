#include "facts/Facts.h"

#include "llvm/Support/MemoryBuffer.h"

namespace heddle::facts {

llvm::Error verify(const Facts &facts);

llvm::Expected<Facts> Facts::open(std::vector<uint8_t> buffer) {
  // A buffer is untrusted: FlatBuffers checks that offsets stay inside it, verify() that every id and enum means something.
  constexpr flatbuffers::uoffset_t kTables = 1u << 30;
  flatbuffers::Verifier verifier(buffer.data(), buffer.size(), /*max_depth=*/8, kTables);
  if (!VerifyFactsTableBuffer(verifier))
    return llvm::createStringError("not a facts file, or a damaged one");
  Facts facts;
  facts.buffer_ = std::make_unique<std::vector<uint8_t>>(std::move(buffer));
  const FactsTable &root = *GetFactsTable(facts.buffer_->data());
  if (root.version() != kVersion)
    return llvm::createStringError("written by another version of heddle (facts version " + llvm::Twine(root.version()) +
                                   ", this one reads " + llvm::Twine(kVersion) + "); extract it again");
  facts.tables_ = tablesOf(root);
  if (llvm::Error error = verify(facts))
    return std::move(error);
  return facts;
}

template <class Row> static std::span<const Row> rowsOf(const flatbuffers::Vector<const Row *> *vector) {
  // Structs are stored inline; on a little-endian host their vector is an array of them.
  return {reinterpret_cast<const Row *>(vector->Data()), vector->size()};
}

Facts::Tables Facts::tablesOf(const FactsTable &root) {
  Tables tables;
#define HEDDLE_TABLE(NAME, ROW) tables.NAME = rowsOf<ROW>(root.NAME());
  HEDDLE_TABLES(HEDDLE_TABLE)
#undef HEDDLE_TABLE
  tables.lists = {root.lists()->data(), root.lists()->size()};
  tables.operands = {root.operands()->data(), root.operands()->size()};
  tables.strings = root.strings();
  tables.constants = root.constants();
  return tables;
}

llvm::Expected<Facts> Facts::read(llvm::StringRef path) {
  auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!file)
    return llvm::createStringError(path + ": " + file.getError().message());
  llvm::StringRef bytes = (*file)->getBuffer();
  auto facts = open({bytes.bytes_begin(), bytes.bytes_end()});
  if (!facts)
    return llvm::createStringError(path + ": " + llvm::toString(facts.takeError()));
  return facts;
}

llvm::StringRef Facts::string(StringId id) const {
  if (id == kNone)
    return {};
  const flatbuffers::String *text = tables_.strings->Get(id);
  return {text->c_str(), text->size()};
}

llvm::StringRef Facts::path(LocationId id) const {
  return id == kNone ? llvm::StringRef() : string(files()[locations()[id].file()].path());
}

BodyView Facts::body(BodyId id) const {
  const Body &row = bodies()[id];
  return {&row,
          id,
          blocks().subspan(row.blocks(), row.block_count()),
          events().subspan(row.events(), row.event_count()),
          locals().subspan(row.locals(), row.local_count()),
          locals().subspan(row.params(), row.param_count()),
          captures().subspan(row.captures(), row.capture_count()),
          cleanups().subspan(row.cleanups(), row.cleanup_count()),
          shapes().subspan(row.shapes(), row.shape_count()),
          this};
}

std::span<const Edge> BodyView::edgesOf(const Block &block) const {
  return facts->edges().subspan(block.edges(), block.edge_count());
}

std::span<const PlaceId> BodyView::operands(const Event &event) const {
  return facts->operandTable().subspan(event.operands(), event.operand_count());
}

} // namespace heddle::facts
