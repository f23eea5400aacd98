// What simdjson's DOM leaves open, whatever its version.
#ifndef HERALD_STRICTNESS_HPP
#define HERALD_STRICTNESS_HPP

#include <cstddef>

namespace herald {

/// Whether an escape \uD800-\uDFFF stands alone in a document that is otherwise valid.
bool has_lone_surrogate(const char *bytes, size_t length) noexcept;

/// Overwrites, in place and at their length, numbers that are valid JSON but beyond 64-bit integers and doubles: integers with the
/// largest unsigned one, others with 9e99. simdjson refuses a whole document for one such number, even in a field that Herald ignores.
/// Returns whether there was one; a document that is no JSON may be left half done.
bool clamp_huge_numbers(char *bytes, size_t length) noexcept;

} // namespace herald

#endif
