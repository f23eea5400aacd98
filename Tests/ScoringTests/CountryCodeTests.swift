import Scoring
import Testing

/// ISO 3166-1 alpha-2 with the codes left to users.
struct CountryCodeTests {
    @Test func thereAreAsManyCodesAsTheStandardHas() {
        let letters = (0x41...0x5A).map { String(UnicodeScalar(UInt8($0))) }
        let codes = letters.flatMap { first in letters.map { first + $0 } }.filter { CountryCode($0) != nil }
        // 249 assigned, AA, QM–QZ, XA–XZ, ZZ.
        #expect(codes.count == 249 + 1 + 14 + 26 + 1)
        for code in codes { #expect(CountryCode(code)?.description == code) }
    }

    @Test(arguments: ["UK", "EU", "SU", "AN", "de", "D", "", "DEU", "D1", "ÄÖ", "D\u{0}", "QL", "ZY"])
    func whatIsNotAssignedIsNoCode(_ text: String) {
        #expect(CountryCode(text) == nil)
    }
}
