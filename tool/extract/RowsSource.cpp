// Rows of files and of ranges of source text.
#include "extract/Rows.h"

#include "clang/Lex/Lexer.h"

namespace heddle::extract {

using namespace clang;
using namespace facts;

Rows::Rows(ASTContext &context, Builder &builder, const PathMap &paths, Sema *sema)
    : context(context), builder(builder), paths(paths), naming(context, paths), sema_(sema), reach_(context) {}

bool Rows::isProject(const Decl &decl) const {
  // Clang declares a built-in function where its name is met first, wherever that is.
  if (const auto *function = dyn_cast<FunctionDecl>(&decl); function && function->isImplicit() && function->getBuiltinID())
    return false;
  return PathMap::isProject(context.getSourceManager(), decl.getLocation());
}

FileId Rows::file(FileID id) {
  auto [it, fresh] = files_.try_emplace(id, kNone);
  if (!fresh)
    return it->second;
  const SourceManager &sources = context.getSourceManager();
  std::string name = paths.name(sources, id);
  if (name.empty())
    return kNone;
  FileFlag flags = FileFlag::NONE;
  if (id == sources.getMainFileID())
    flags |= FileFlag::MainFile;
  if (sources.isInSystemHeader(sources.getLocForStartOfFile(id)))
    flags |= FileFlag::System;
  return files_[id] = builder.file(name, flags);
}

LocationId Rows::location(SourceRange range) {
  if (range.getBegin().isInvalid())
    return kNone;
  if (range.getEnd().isInvalid())
    range.setEnd(range.getBegin());
  auto key = std::pair(range.getBegin().getRawEncoding(), range.getEnd().getRawEncoding());
  auto [it, fresh] = locations_.try_emplace(key, kNone);
  if (!fresh)
    return it->second;
  const SourceManager &sources = context.getSourceManager();
  CharSourceRange text = sources.getExpansionRange(range);
  auto [file, begin] = sources.getDecomposedLoc(text.getBegin());
  auto [endFile, end] = sources.getDecomposedLoc(text.getEnd());
  if (endFile != file || end < begin)
    endFile = file, end = begin;
  if (text.isTokenRange())
    end += Lexer::MeasureTokenLength(sources.getComposedLoc(file, end), sources, context.getLangOpts());
  LocationDraft draft;
  draft.file = this->file(file);
  if (draft.file == kNone)
    return kNone;
  auto narrow = [](unsigned column) { return static_cast<uint16_t>(std::min(column, 0xffffu)); };
  draft.line = sources.getLineNumber(file, begin), draft.end_line = sources.getLineNumber(file, end);
  draft.column = narrow(sources.getColumnNumber(file, begin)), draft.end_column = narrow(sources.getColumnNumber(file, end));
  draft.offset = begin, draft.length = end - begin;
  return locations_[key] = builder.location(draft);
}

} // namespace heddle::extract
