import Scoring
import Testing
import Training

@Suite struct PolicyFileTests {
    private func parameters(_ text: String, base: PolicyParameters = PolicyParameters()) throws -> PolicyParameters {
        try PolicyFile(Array(text.utf8), name: "p.json", base: base).parameters
    }

    @Test func absentKeysAreThoseOfTheBase() throws {
        var base = PolicyParameters()
        base.templates.alert.value = 7
        base.templates.otp.halfLifeSeconds = 45
        #expect(try parameters("{}", base: base) == base)
        let changed = try parameters(#"{"templates": {"alert": {"half_life_s": 60}}, "due_tolerance_s": 2}"#, base: base)
        base.templates.alert.halfLifeSeconds = 60
        base.dueToleranceSeconds = 2
        #expect(changed == base)
        #expect(try parameters(#"{"policy": {"due_tolerance_s": 2}}"#).dueToleranceSeconds == 2)
    }

    @Test(arguments: [
        (#"{"templats": {}}"#, "unknown key 'templats'"),
        (#"{"templates": {"otp": {"valu": 1}}}"#, "unknown key 'templates.otp.valu'"),
        (#"{"templates": {"otp": 3}}"#, "'templates.otp' must be an object"),
        (#"{"templates": {"otp": {"value": "3"}}}"#, "'templates.otp.value'"),
        (#"{"templates": {"otp": {"value": null}}}"#, "'templates.otp.value'"),
        (#"{"templates": {"otp": {"maximum_attempts": 2.5}}}"#, "'templates.otp.maximum_attempts'"),
        ("[]", "one JSON object"),
        ("{", "is no JSON"),
    ])
    func aDefectNamesTheKey(text: String, phrase: String) {
        let error = #expect(throws: PolicyFile.Defect.self) { try parameters(text) }
        #expect(error?.description.contains("p.json") == true && error?.description.contains(phrase) == true, "\(error as Any)")
    }

    @Test func aValueOutOfItsRangeIsNamed() {
        let error = #expect(throws: ModelError.self) { try parameters(#"{"templates": {"otp": {"value": -1}}}"#) }
        #expect(error?.key == "policy.templates.otp.value")
    }
}
