extension Timestamp {
    /// The last millisecond that RFC 3339 can write: 9999-12-31T23:59:59.999Z.
    private static let latest: Int64 = 253_402_300_799_999

    /// Reads an RFC 3339 date-time; `nil` unless it is one between 1970 and 9999 (UTC).
    ///
    /// Any offset, either case of `T` and `Z`, a fraction of any length, of which what lies beyond milliseconds is cut off. A leap second is
    /// accepted where one can be, at 23:59:60 UTC on the last day of a month, and is read as the second after it, as POSIX time has none.
    package init?(rfc3339 text: String) {
        var text = text
        let parsed: Timestamp? = text.withUTF8 { unsafe Timestamp(rfc3339: Span(_unsafeElements: $0)) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// The same from bytes of UTF-8.
    init?(rfc3339 bytes: Span<UInt8>) {
        // 2026-01-02T03:04:05Z is the shortest.
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] | 0x20 == 0x74, bytes[13] == 0x3A, bytes[16] == 0x3A
        else { return nil }
        guard let century = bytes.twoDigits(at: 0), let yearOfCentury = bytes.twoDigits(at: 2), let month = bytes.twoDigits(at: 5),
            let dayOfMonth = bytes.twoDigits(at: 8), let hour = bytes.twoDigits(at: 11), let minute = bytes.twoDigits(at: 14),
            let second = bytes.twoDigits(at: 17)
        else { return nil }
        let year = century * 100 + yearOfCentury
        guard (1...12).contains(month), (1...Self.lengthOfMonth(month, year: year)).contains(dayOfMonth), hour <= 23, minute <= 59,
            second <= 60
        else { return nil }

        var position = 19
        guard let fraction = bytes.fraction(at: &position), let offsetMinutes = bytes.offset(at: &position), position == bytes.count
        else { return nil }
        let secondOfDay = (hour * 60 + minute - offsetMinutes) * 60 + second
        let seconds = Self.day(year: year, month: month, dayOfMonth: dayOfMonth) * 86_400 + secondOfDay
        let milliseconds = seconds * 1000 + fraction
        guard (0...Self.latest).contains(milliseconds) else { return nil }
        self.init(milliseconds: milliseconds)
        if second == 60 {
            // The leap second was counted on into the first second of the next day, which has to begin a month.
            guard millisecondOfDay < 1000, calendarDate.dayOfMonth == 1 else { return nil }
        }
    }

    /// As RFC 3339 in UTC with milliseconds, such as `2026-01-02T03:04:05.678Z`; sorts like the time.
    ///
    /// Times that RFC 3339 cannot write are written as the nearest that it can.
    package var rfc3339: String {
        String(decoding: rfc3339Bytes, as: UTF8.self)
    }

    /// The 24 bytes of `rfc3339`.
    var rfc3339Bytes: [UInt8] {
        let time = Timestamp(milliseconds: min(max(milliseconds, 0), Self.latest))
        let date = time.calendarDate
        let millisecond = time.millisecondOfDay
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func append(_ value: Int64, then separator: Character) {
            text.append(0x30 + UInt8(value / 10))
            text.append(0x30 + UInt8(value % 10))
            if let byte = separator.asciiValue, byte != 0x20 { text.append(byte) }
        }
        append(date.year / 100, then: " ")
        append(date.year % 100, then: "-")
        append(date.month, then: "-")
        append(date.dayOfMonth, then: "T")
        append(millisecond / 3_600_000, then: ":")
        append(millisecond / 60_000 % 60, then: ":")
        append(millisecond / 1000 % 60, then: ".")
        text.append(0x30 + UInt8(millisecond % 1000 / 100))
        append(millisecond % 100, then: "Z")
        return text
    }

    private static func lengthOfMonth(_ month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar.
    ///
    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (`days_from_civil`), for years ≥ 0.
    private static func day(year: Int64, month: Int64, dayOfMonth: Int64) -> Int64 {
        // Years begin in March, so that the leap day is the last of its year.
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayOfMonth - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date in UTC, for times from 1970 on: the inverse of `day` (`civil_from_days`).
    private var calendarDate: (year: Int64, month: Int64, dayOfMonth: Int64) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}

extension Timestamp: Codable {
    /// From RFC 3339 text.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = Timestamp(rfc3339: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "is no RFC 3339 date-time between 1970 and 9999")
        }
        self = time
    }

    /// As RFC 3339 text.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }
}

extension Span<UInt8> {
    /// The number that two ASCII digits make; `nil` where there are none or the text ends.
    fileprivate func twoDigits(at position: Int) -> Int64? {
        guard position + 1 < count else { return nil }
        let tens = self[position] &- 0x30
        let units = self[position + 1] &- 0x30
        return tens < 10 && units < 10 ? Int64(tens) * 10 + Int64(units) : nil
    }

    /// The milliseconds of a fraction, 0 where there is none; `nil` for a point without a digit.
    fileprivate func fraction(at position: inout Int) -> Int64? {
        guard position < count, self[position] == 0x2E else { return 0 }
        let first = position + 1
        position = first
        var milliseconds: Int64 = 0
        var weight: Int64 = 100
        while position < count, self[position] &- 0x30 < 10 {
            milliseconds += Int64(self[position] - 0x30) * weight
            weight /= 10
            position += 1
        }
        return position > first ? milliseconds : nil
    }

    /// Minutes east of UTC of `Z` or `±hh:mm`; `nil` where neither stands.
    fileprivate func offset(at position: inout Int) -> Int64? {
        guard position < count else { return nil }
        let sign = self[position]
        if sign | 0x20 == 0x7A {
            position += 1
            return 0
        }
        guard sign == 0x2B || sign == 0x2D, position + 3 < count, self[position + 3] == 0x3A,
            let hours = twoDigits(at: position + 1), let minutes = twoDigits(at: position + 4), hours <= 23, minutes <= 59
        else { return nil }
        position += 6
        return sign == 0x2B ? hours * 60 + minutes : -(hours * 60 + minutes)
    }
}
