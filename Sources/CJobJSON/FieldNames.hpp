// The names of the fields and a lookup that costs one table access and one comparison.
#ifndef HERALD_FIELD_NAMES_HPP
#define HERALD_FIELD_NAMES_HPP

#include <array>
#include <string_view>

#include "CJobJSON.h"

namespace herald {

// In the order of herald_json_field.
inline constexpr std::array<std::string_view, HERALD_JSON_FIELD_COUNT> field_names = {
    "job_id",     "notification_id", "channel",    "provider",          "providers",   "recipient",     "recipient_country",
    "template_type", "payload_size", "created_at", "send_time",         "expires_at",  "previous_attempts", "last_status",
    "response_code", "latency_ms",   "last_attempt_at", "status",       "attempted_at", "occurred_at",
};

inline constexpr size_t shortest_name = 6;
inline constexpr size_t longest_name = 17;
inline constexpr size_t letters = 26;

// Length and first letter tell the fields apart; -1 where there is none.
constexpr auto make_lookup() {
    std::array<signed char, (longest_name - shortest_name + 1) * letters> table{};
    for (auto &entry : table) entry = -1;
    for (size_t field = 0; field < field_names.size(); field++) {
        const auto name = field_names[field];
        table[(name.size() - shortest_name) * letters + static_cast<size_t>(name[0] - 'a')] = static_cast<signed char>(field);
    }
    return table;
}

inline constexpr auto lookup = make_lookup();

constexpr int field_named(std::string_view name) {
    if (name.size() < shortest_name || name.size() > longest_name || name[0] < 'a' || name[0] > 'z') return -1;
    const int field = lookup[(name.size() - shortest_name) * letters + static_cast<size_t>(name[0] - 'a')];
    return field >= 0 && field_names[static_cast<size_t>(field)] == name ? field : -1;
}

// A new field whose length and first letter are taken fails here.
constexpr bool every_name_is_found() {
    for (size_t field = 0; field < field_names.size(); field++) {
        if (field_named(field_names[field]) != static_cast<int>(field)) return false;
    }
    return true;
}
static_assert(every_name_is_found());

} // namespace herald

#endif
