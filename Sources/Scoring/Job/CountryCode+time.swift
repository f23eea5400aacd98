extension CountryCode {
    /// Minutes from UTC to the standard time that most people of the country live by; `nil` for codes that name no country.
    ///
    /// From the IANA time zone database 2025b: the zone of the capital, and for countries with several zones the one with most people
    /// (US, CA: Eastern; BR: Brasília; RU: Moscow; AU: Sydney; MX: central; ID: western; CD: Kinshasa; KZ: one zone since 2024). Daylight
    /// saving is left out: it shifts habits by an hour for a part of the year, and its rules change by decree.
    package var utcOffsetMinutes: Int? {
        let offset = Self.utcOffsets[ordinal]
        return offset == .min ? nil : Int(offset)
    }

    /// By `ordinal`; `.min` where there is none.
    private static let utcOffsets: [Int16] = {
        var offsets = [Int16](repeating: .min, count: ordinalCount)
        for (minutes, codes) in offsetTable {
            for code in codes.split(separator: " ") {
                guard let country = CountryCode(code) else { preconditionFailure("'\(code)' in the table of time zones is no country") }
                offsets[country.ordinal] = minutes
            }
        }
        return offsets
    }()

    private static let offsetTable: [(minutes: Int16, codes: String)] = [
        (-660, "AS NU UM"),
        (-600, "CK PF"),
        (-480, "PN"),
        (-360, "BZ CR GT HN MX NI SV"),
        (-300, "BS CA CO CU EC HT JM KY PA PE TC US"),
        (-240, "AG AI AW BB BL BM BO BQ CL CW DM DO GD GP GY KN LC MF MQ MS PR SX TT VC VE VG VI"),
        (-180, "AR BR FK GF PM PY SR UY"),
        (-120, "GL GS"),
        (-60, "CV"),
        (0, "AQ BF CI FO GB GG GH GM GN GW IE IM IS JE LR ML MR PT SH SL SN ST TG"),
        (
            60,
            """
            AD AL AO AT BA BE BJ BV CD CF CG CH CM CZ DE DK DZ EH ES FR GA GI GQ HR HU IT LI LU MA MC ME MK MT NE NG NL NO \
            PL RS SE SI SJ SK SM TD TN VA
            """
        ),
        (120, "AX BG BI BW CY EE EG FI GR IL LB LS LT LV LY MD MW MZ NA PS RO RW SD SS SZ UA ZA ZM ZW"),
        (180, "BH BY DJ ER ET IQ JO KE KM KW MG QA RU SA SO SY TR TZ UG YE YT"),
        (210, "IR"),
        (240, "AE AM AZ GE MU OM RE SC"),
        (270, "AF"),
        (300, "HM KZ MV PK TF TJ TM UZ"),
        (330, "IN LK"),
        (345, "NP"),
        (360, "BD BT IO KG"),
        (390, "CC MM"),
        (420, "CX ID KH LA TH VN"),
        (480, "BN CN HK MN MO MY PH SG TW"),
        (540, "JP KP KR PW TL"),
        (600, "AU GU MP PG"),
        (660, "FM NC NF SB VU"),
        (720, "FJ KI MH NR NZ TV WF"),
        (780, "TK TO WS"),
    ]
}
