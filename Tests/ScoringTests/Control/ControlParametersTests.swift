import Foundation
import Scoring
import Testing

/// `policy.control` as it is written, and what is refused of it.
struct ControlParametersTests {
    private func read(_ json: String) throws -> ControlParameters {
        try JSONDecoder().decode(ControlParameters.self, from: Data(json.utf8))
    }

    @Test func whatIsMissingHasItsDefault() throws {
        #expect(try read("{}") == ControlParameters())
        let some = try read(#"{"breaker":{"ramp_s":60},"rate":{"per_s":{"em-a":2.5}},"retry_budget":{"route":{"ratio":3}}}"#)
        #expect(some.breaker.rampSeconds == 60 && some.breaker.openEvidence == ControlParameters().breaker.openEvidence)
        #expect(some.rate.perSecond == ["em-a": 2.5])
        #expect(some.retryBudget.route.ratio == 3 && some.retryBudget.global == ControlParameters().retryBudget.global)
        try some.validate()
    }

    @Test func writtenAndReadIsTheSame() throws {
        var parameters = ControlParameters()
        parameters.rate.perSecond = ["a": 1, "b": 2.25]
        parameters.priority.highShare = 0.1
        parameters.price.stepPoints = 0.125
        #expect(try JSONDecoder().decode(ControlParameters.self, from: JSONEncoder().encode(parameters)) == parameters)
    }

    @Test func anUnknownKeyIsNamed() throws {
        for (json, key) in [
            (#"{"braker":{}}"#, "braker"), (#"{"breaker":{"ramp":60}}"#, "ramp"), (#"{"retry_budget":{"route":{"x":1}}}"#, "x"),
            (#"{"rate":{"per_second":{}}}"#, "per_second"), (#"{"spread":{"s":1}}"#, "s"),
        ] {
            let error = try #require(throws: DecodingError.self, "\(json)") { try read(json) }
            guard case .dataCorrupted(let context) = error else {
                Issue.record("\(error)")
                continue
            }
            #expect(context.codingPath.last?.stringValue == key)
        }
        for json in [#"{"breaker":{"ramp_s":"60"}}"#, #"{"breaker":[]}"#, #"{"rate":{"per_s":{"a":"b"}}}"#] {
            #expect(throws: DecodingError.self) { try read(json) }
        }
    }

    @Test func hostileNumbersAreRefusedByName() throws {
        try ControlParameters().validate()
        // Every number of every section, one after the other, through the form in which it is written.
        let data = try JSONEncoder().encode(ControlParameters())
        let whole = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        var checked = 0
        func poison(_ object: [String: Any], _ path: [String], _ wrap: ([String: Any]) -> [String: Any]) throws {
            for (key, value) in object {
                if let inner = value as? [String: Any] {
                    try poison(inner, path + [key]) { changed in
                        var outer = object
                        outer[key] = changed
                        return wrap(outer)
                    }
                    continue
                }
                for bad in [-1.0, 1e30] {
                    var changed = object
                    changed[key] = bad
                    let json = try JSONSerialization.data(withJSONObject: wrap(changed))
                    let parameters = try JSONDecoder().decode(ControlParameters.self, from: json)
                    let error = try #require(throws: ModelError.self) { try parameters.validate() }
                    #expect(error.key == (["policy", "control"] + path + [key]).joined(separator: "."))
                    checked += 1
                }
            }
        }
        try poison(whole, []) { $0 }
        #expect(checked == 2 * 41)
    }

    @Test func relationsAreChecked() throws {
        func key(_ change: (inout ControlParameters) -> Void) throws -> String {
            var parameters = ControlParameters()
            change(&parameters)
            return try #require(throws: ModelError.self) { try parameters.validate() }.key
        }
        #expect(try key { $0.breaker.coolDownSeconds = 700 } == "policy.control.breaker.maximum_cool_down_s")
        #expect(try key { $0.priority.highShare = 0.8 } == "policy.control.priority.low_share")
        #expect(try key { $0.rate.perSecond = ["em-a": 0] } == "policy.control.rate.per_s.em-a")
        #expect(try key { $0.rate.perSecond = ["": 1] } == "policy.control.rate.per_s")
        #expect(try key { $0.breaker.openEvidence = .nan } == "policy.control.breaker.open_evidence")
        #expect(try key { $0.price.maximumPoints = .infinity } == "policy.control.price.maximum_points")
        #expect(
            try key { parameters in
                parameters.rate.perSecond = Dictionary(uniqueKeysWithValues: (0..<1025).map { ("p\($0)", 1) })
            } == "policy.control.rate.per_s")
    }
}
