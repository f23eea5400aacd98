import Foundation
import Scoring
import Testing

struct CalibrationTests {
    private static func random(_ generator: inout SystemRandomNumberGenerator) throws -> Calibration {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: return .identity
        case 1:
            return .platt(
                slope: Double.random(in: 0.001...20, using: &generator), intercept: Double.random(in: -50...50, using: &generator))
        default:
            let count = Int.random(in: 1...64, using: &generator)
            let values = (0..<2).map { _ in (0..<count).map { _ in Double.random(in: 0.001..<0.999, using: &generator) }.sorted() }
            guard Set(values[0]).count == count, Set(values[1]).count == count else { return .identity }
            return .isotonic(try IsotonicCurve(knots: zip(values[0], values[1]).map { .init(probability: $0, calibrated: $1) }))
        }
    }

    @Test func probabilitiesNeverFallAndNeverReachCertainty() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let calibration = try Self.random(&generator)
            var margins = (0..<100).map { _ in Float.random(in: -30...30, using: &generator) } + [-.infinity, -1e30, 0, 1e30, .infinity]
            // Neighbours in single precision, where rounding would show.
            margins += margins.filter(\.isFinite).flatMap { [$0.nextUp, $0.nextUp.nextUp, $0.nextDown] }
            let probabilities = margins.sorted().map { calibration.probability(margin: $0) }
            #expect(zip(probabilities, probabilities.dropFirst()).allSatisfy { $0 <= $1 }, "\(calibration)")
            #expect(probabilities.allSatisfy { $0 >= 0x1p-20 && $0 <= 1 - 0x1p-20 })
            #expect(calibration.probability(margin: .nan).isNaN)
        }
    }

    @Test func knotsAreMetAndBetweenThemItIsStraight() throws {
        let curve = try IsotonicCurve(knots: [.init(probability: 0.25, calibrated: 0.1), .init(probability: 0.5, calibrated: 0.7)])
        let calibration = Calibration.isotonic(curve)
        let points: [(Double, Double)] = [
            (0.125, 0.05), (0.25, 0.1), (0.375, 0.4), (0.5, 0.7), (0.75, 0.85), (0.0001, 0.00004), (0.9999, 0.99994),
        ]
        for (probability, expected) in points {
            let margin = Float(log(probability / (1 - probability)))
            #expect(abs(Double(calibration.probability(margin: margin)) - expected) < 1e-6, "\(probability)")
        }
    }

    @Test func anIsotonicCurveTellsApartWhatTheModelDoes() throws {
        let calibration = Calibration.isotonic(try IsotonicCurve(knots: [.init(probability: 0.5, calibrated: 0.6)]))
        let probabilities = stride(from: Float(-9), through: 9, by: 0.01).map { calibration.probability(margin: $0) }
        #expect(Set(probabilities).count == probabilities.count)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let calibration = try Self.random(&generator)
            let copy = try JSONDecoder().decode(Calibration.self, from: JSONEncoder().encode(calibration))
            #expect(copy == calibration)
        }
    }

    @Test(arguments: [
        (#"{"kind":"platt","slope":0,"intercept":0}"#, "calibration.slope"),
        (#"{"kind":"platt","slope":-1,"intercept":0}"#, "calibration.slope"),
        (#"{"kind":"platt","slope":1,"intercept":1e9}"#, "calibration.intercept"),
        (#"{"kind":"isotonic","knots":[]}"#, "calibration.knots"),
        (#"{"kind":"isotonic","knots":[{"probability":0,"calibrated":0.5}]}"#, "calibration.knots.0.probability"),
        (#"{"kind":"isotonic","knots":[{"probability":0.5,"calibrated":1}]}"#, "calibration.knots.0.calibrated"),
        (
            #"{"kind":"isotonic","knots":[{"probability":0.5,"calibrated":0.5},{"probability":0.6,"calibrated":0.5}]}"#,
            "calibration.knots.1.calibrated"
        ),
        (
            #"{"kind":"isotonic","knots":[{"probability":0.5,"calibrated":0.5},{"probability":0.4,"calibrated":0.6}]}"#,
            "calibration.knots.1.probability"
        ),
        (#"{"kind":"magic"}"#, "calibration.kind"),
    ])
    func everyRefusalNamesItsKey(json: String, key: String) {
        let error = #expect(throws: ModelError.self) { try JSONDecoder().decode(Calibration.self, from: Data(json.utf8)) }
        #expect(error?.key == key)
    }

    @Test func aCurveOfTooManyKnotsIsRefused() {
        let knots = (1...65).map { IsotonicCurve.Knot(probability: Double($0) / 100, calibrated: Double($0) / 100) }
        #expect(throws: ModelError.self) { try IsotonicCurve(knots: knots) }
        #expect(throws: Never.self) { try IsotonicCurve(knots: Array(knots.dropLast())) }
    }

    @Test func theLogisticFunctionIsTheMathematicalOne() {
        for margin in stride(from: -600.0, through: 600, by: 0.173) {
            let expected = margin < 0 ? exp(margin) / (1 + exp(margin)) : 1 / (1 + exp(-margin))
            #expect(abs(Logistic.probability(margin: margin) - expected) <= 2e-14 * expected, "\(margin)")
        }
        #expect(Logistic.probability(margin: 0) == 0.5)
    }

    @Test func theLogisticFunctionNeverFallsWhereItsPiecesMeet() {
        for multiple in -40...40 {
            var margin = Double(multiple) * 0.693_147_180_559_945_3
            for _ in 0..<50 { margin = margin.nextDown }
            var last = Logistic.probability(margin: margin)
            for _ in 0..<100 {
                margin = margin.nextUp
                let next = Logistic.probability(margin: margin)
                #expect(next >= last)
                last = next
            }
        }
    }
}
