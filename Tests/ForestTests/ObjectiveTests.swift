import Forest
import Testing

@Suite struct ObjectiveTests {
    @Test func baseScoreIsReadInAllItsForms() throws {
        for text in ["5E-1", "[5E-1]", "0.5", "[ 0.5 ]", "50e-2"] {
            #expect(try TestModel(baseScore: "\"\(text)\"").forest().baseMargin == 0.5)
        }
        // Not what rounding to double first would give (0x1.000002p0).
        #expect(try TestModel(baseScore: "\"1.00000017881393432617187499\"").forest().baseMargin == 0x1.000002p0)
        #expect(try TestModel(baseScore: "\"1.00000017881393432617187501\"").forest().baseMargin == 0x1.000004p0)
    }

    @Test func baseScoreIsClippedFromVersion3Point2On() throws {
        let margin = { (version: String, score: String) in
            try TestModel(version: version, baseScore: "\"\(score)\"", objective: "binary:logistic").forest().baseMargin
        }
        #expect(try margin("[3,1,3]", "1E-7") == -16.118095)
        #expect(try margin("[3,2,0]", "1E-7") == margin("[3,2,0]", "1E-6"))
        #expect(try margin("[3,2,0]", "0") == margin("[10,0,0]", "1E-6"))
        #expect(try margin("[3,2,0]", "1") == margin("[3,1,0]", "9.99999E-1"))
    }

    @Test func sigmoidStaysInRangeAtTheEnds() {
        #expect(Objective.binaryLogistic.prediction(margin: 1000) == 1)
        #expect(Objective.binaryLogistic.prediction(margin: 0) == 0.5)
        let least = Objective.binaryLogistic.prediction(margin: -1000)
        #expect(least > 0 && least < 1e-38)
        #expect(Objective.squaredError.prediction(margin: -1000) == -1000)
    }
}
