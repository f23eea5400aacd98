extension WorldParameters {
    /// 25 countries.
    ///
    /// Offsets: IANA time zone database, the most populous zone, standard time. Everything else is chosen: mail hosts greylist most in
    /// central and eastern Europe, carriers filter most in the USA (10DLC), India (DLT), Turkey and the Gulf.
    package static let countries: [Country] = [
        country("US", -300, 15, (0.3, 0.1, 0.2), 0.03, 1.8, 1.0), country("CA", -300, 4, (0.3, 0.2, 0.2), 0.04, 1.3, 0.9),
        country("MX", -360, 4, (-0.2, -0.4, -0.1), 0.05, 0.9, 1.3), country("BR", -180, 7, (-0.1, -0.4, 0.0), 0.06, 1.2, 1.4),
        country("AR", -180, 2, (-0.3, -0.5, -0.2), 0.07, 0.8, 1.3), country("CO", -300, 2, (-0.3, -0.3, -0.2), 0.05, 0.9, 1.3),
        country("GB", 0, 7, (0.3, 0.5, 0.3), 0.05, 0.9, 0.9), country("FR", 60, 6, (0.0, 0.2, 0.2), 0.10, 1.4, 1.0),
        country("DE", 60, 7, (-0.2, 0.4, 0.3), 0.17, 0.6, 0.8), country("ES", 60, 4, (0.1, 0.3, 0.2), 0.08, 0.8, 1.0),
        country("IT", 60, 4, (0.0, 0.1, 0.2), 0.11, 0.9, 1.1), country("NL", 60, 3, (0.3, 0.5, 0.4), 0.09, 0.5, 0.8),
        country("PL", 60, 3, (-0.1, 0.3, 0.1), 0.20, 0.7, 1.0), country("SE", 60, 2, (0.4, 0.6, 0.4), 0.08, 0.4, 0.7),
        country("TR", 180, 3, (-0.3, -0.4, -0.1), 0.09, 1.9, 1.3), country("EG", 120, 2, (-0.6, -0.9, -0.5), 0.06, 1.3, 1.6),
        country("NG", 60, 2, (-0.7, -1.1, -0.7), 0.04, 1.1, 1.8), country("KE", 180, 1, (-0.5, -0.5, -0.5), 0.04, 0.8, 1.5),
        country("ZA", 120, 2, (-0.1, -0.1, -0.2), 0.06, 0.8, 1.3), country("AE", 240, 2, (0.1, -0.3, 0.2), 0.05, 2.0, 1.1),
        country("IN", 330, 9, (-0.3, -0.6, -0.3), 0.05, 2.2, 1.5), country("ID", 420, 3, (-0.5, -0.8, -0.4), 0.06, 1.2, 1.5),
        country("PH", 480, 2, (-0.5, -0.7, -0.3), 0.05, 1.0, 1.4), country("JP", 540, 4, (0.4, 0.6, 0.4), 0.12, 0.7, 0.7),
        country("AU", 600, 2, (0.3, 0.4, 0.3), 0.04, 0.8, 0.9),
    ].compactMap { $0 }

    private static func country(
        _ code: String, _ utcOffsetMinutes: Int, _ weight: Double, _ infrastructure: (email: Double, sms: Double, push: Double),
        _ greylisting: Double, _ carrierStrictness: Double, _ listDecay: Double
    ) -> Country? {
        Country(
            code, utcOffsetMinutes: utcOffsetMinutes, weight: weight, email: infrastructure.email, sms: infrastructure.sms,
            push: infrastructure.push, greylisting: greylisting, carrierStrictness: carrierStrictness, listDecay: listDecay)
    }
}
