import Scoring

/// Bytes of CSV under construction: numbers, times and names written digit by digit, since formatters are a hundred times slower.
struct CSVBuffer {
    private static let comma = UInt8(ascii: ",")
    private static let newline = UInt8(ascii: "\n")

    private(set) var bytes: [UInt8] = []
    /// The text `YYYY-MM-DDT` of recent days, by day modulo 8.
    private var days = [(day: Int64, text: [UInt8])](repeating: (.min, []), count: 8)

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func endField() {
        bytes.append(Self.comma)
    }

    /// Ends the row in place of the last field's comma.
    mutating func endRow() {
        bytes[bytes.count - 1] = Self.newline
    }

    mutating func append(_ text: [UInt8]) {
        bytes.append(contentsOf: text)
    }

    mutating func append(_ number: Base36) {
        for index in 0..<number.count { bytes.append(number[index]) }
    }

    mutating func append(_ country: CountryCode) {
        bytes.append(UInt8(country.packed >> 8))
        bytes.append(UInt8(country.packed & 0xFF))
    }

    /// A number ≥ 0 in decimal digits.
    mutating func append(_ number: Int64) {
        if number >= 10 { append(number / 10) }
        bytes.append(0x30 + UInt8(number % 10))
    }

    /// A number in [0, 1] with four decimals.
    mutating func append(fraction: Double) {
        let scaled = Int64((fraction * 10_000).rounded())
        append(scaled / 10_000)
        bytes.append(UInt8(ascii: "."))
        for power in [Int64(1000), 100, 10, 1] { bytes.append(0x30 + UInt8(scaled / power % 10)) }
    }

    /// A number in [0, 1] with nine decimals.
    mutating func append(probability: Double) {
        let scaled = Int64((probability * 1e9).rounded())
        append(scaled / 1_000_000_000)
        bytes.append(UInt8(ascii: "."))
        var power: Int64 = 100_000_000
        while power > 0 {
            bytes.append(0x30 + UInt8(scaled / power % 10))
            power /= 10
        }
    }

    /// RFC 3339 in UTC with whole seconds; what is finer is cut off.
    mutating func append(_ time: Timestamp) {
        let seconds = time.milliseconds.divided(by: 1000)
        let day = seconds.divided(by: 86_400)
        let slot = Int(day & 7)
        if days[slot].day != day { days[slot] = (day, Self.text(ofDay: day)) }
        bytes.append(contentsOf: days[slot].text)
        let rest = seconds - day * 86_400
        appendTwoDigits(rest / 3600)
        bytes.append(UInt8(ascii: ":"))
        appendTwoDigits(rest / 60 % 60)
        bytes.append(UInt8(ascii: ":"))
        appendTwoDigits(rest % 60)
        bytes.append(UInt8(ascii: "Z"))
    }

    private mutating func appendTwoDigits(_ number: Int64) {
        bytes.append(0x30 + UInt8(number / 10))
        bytes.append(0x30 + UInt8(number % 10))
    }

    /// `YYYY-MM-DDT` of a day since 1970-01-01: Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
    private static func text(ofDay day: Int64) -> [UInt8] {
        let shifted = day + 719_468
        let era = shifted.divided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func digits(_ number: Int64, _ count: Int) -> [UInt8] {
            let digits = Array(String(number).utf8)
            return Array(repeating: UInt8(ascii: "0"), count: max(0, count - digits.count)) + digits
        }
        let dash = [UInt8(ascii: "-")]
        return digits(year, 4) + dash + digits(month, 2) + dash + digits(dayOfMonth, 2) + [UInt8(ascii: "T")]
    }
}
