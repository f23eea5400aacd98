import Foundation
import Scoring

/// The canaries of a run, and messages that carry them.
struct CanaryMessages {
    /// In addresses and push tokens.
    let letters = Canary()
    /// In telephone numbers.
    let digits = Canary(digits: true)
    /// In bodies that are no JSON, where no field says what a recipient is.
    let loose = Canary()

    func leaks(in page: CanaryPage) -> [String] {
        ([letters, digits] + (page.isForAdmin ? [] : [loose])).compactMap { canary in
            canary.found(in: page.bytes).map { "\(page.place): \($0)" }
        }
    }

    private func recipient(of channel: Channel, _ index: Int) -> String {
        switch channel {
        case .email: "Zoë+\(letters.word).\(index)@mail.example"
        case .sms: "+\(digits.word)\(1000 + index)"
        case .push: "d\(index)/\(letters.word):APA91b-_\(letters.word)=="
        }
    }

    private func job(_ index: Int, _ state: TestJob.State, id: String) -> TestJob {
        var job = TestJob(index, state, id: id, now: .now).job
        job.recipient = recipient(of: job.channel, index)
        return TestJob(job)
    }

    /// Jobs in every state and channel: dispatched, delayed and undeliverable ones.
    func jobs(id: String = "canary") -> [TestJob] {
        TestJob.State.allCases.enumerated().flatMap { number, state in
            (0..<3).map { job(number * 3 + $0, state, id: "\(id)-\(number)") }
        }
    }

    /// Messages that no scorer takes.
    func defects() -> [(name: String, body: [UInt8])] { defectiveJobs() + fragments() }

    private var email: String { recipient(of: .email, 900) }
    private var phone: String { recipient(of: .sms, 901) }

    /// A job with something else for its recipient.
    private func text(_ value: String? = nil, key: String = "recipient") -> String {
        let good = String(decoding: JobEncoder.json(job(0, .first, id: "defect").job), as: UTF8.self)
        return good.replacing(/"recipient":"[^"]*"/, with: "\"\(key)\":\(value ?? "\"\(email)\"")")
    }

    /// Those that are JSON, and can stand in a batch.
    func defectiveJobs() -> [(name: String, body: [UInt8])] {
        let texts = [
            ("wrong-channel", text().replacing(/"channel":"[^"]*"/, with: "\"channel\":\"pigeon\"")),
            ("number", text(digits.word)),
            ("object", text("{\"email\": \"\(email)\", \"phone\": \"\(phone)\"}")),
            ("list", text("[\"\(email)\", \"\(phone)\"]")),
            ("twice", text("\"\(email)\",\"recipient\":\"\(phone)\"")),
            ("too-long", text("\"\(String(repeating: letters.word, count: 400))\"")),
            ("other-case", text(key: "Recipient").replacing(/"job_id":"[^"]*"/, with: "\"job_id\":\"\"")),
            ("escaped-key", text(key: "\\u0072ecipient").replacing(/"send_time":"[^"]*"/, with: "\"send_time\":\"soon\"")),
            ("escaped-value", text("\"\\\"Ann\\\" <\(email)>\"").replacing(/"payload_size":\d+/, with: "\"payload_size\":-1")),
            ("nested", "{\"job\": \(text()), \"list\": [{\"recipient\": {\"a\": [\"\(email)\", {\"b\": \"\(phone)\"}]}}]}"),
        ]
        return texts.map { ($0.0, Array($0.1.utf8)) }
    }

    /// Those that are no JSON, or that no batch can hold.
    private func fragments() -> [(name: String, body: [UInt8])] {
        let (open, close) = (String(repeating: "[", count: 200), String(repeating: "]", count: 200))
        let cut = text().components(separatedBy: letters.word)[0] + letters.word
        let texts = [
            ("array", "[\(text())]"), ("deep", "{\"recipient\": \"\(email)\", \"x\": \(open)\(close)}"),
            // A field says what the recipient is.
            ("cut-inside", cut), ("cut-behind", String(text("\"\\\"Ann\\\" <\(email)>\"").dropLast())),
            ("two-jobs", text() + "\n" + text("\"\(phone)\"")), ("form", "job_id=x&recipient=\(email)"),
            ("single-quotes", "{'job_id': 'x', 'recipient': '\(email)', 'channel': 'email'}"), ("trailing-comma", text().dropLast() + ",}"),
            ("oversized", text().dropLast() + ",\"padding\":\"\(String(repeating: "x", count: 2 << 20))\"}"),
            // Nothing does.
            ("text", "please tell \(loose.word)@mail.example"), ("markup", "<to>\(loose.word)@mail.example</to>"),
        ]
        let notText = text().utf8.map { $0 == UInt8(ascii: "@") ? 0xFF : $0 }
        let wide = "{\"recipient\":\"\(loose.word)@mail.example\"}".utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        return texts.map { ($0.0, Array($0.1.utf8)) } + [("not-utf8", notText), ("utf16", wide)]
    }

    /// One that is taken, with a field that it need not have, and one that is not.
    func outcomes(of jobs: [TestJob]) -> [(name: String, body: [UInt8])] {
        let job = jobs[0].job
        let outcome = Outcome(
            jobID: job.jobID, notificationID: job.notificationID, provider: job.provider, channel: job.channel,
            recipientCountry: job.recipientCountry, templateType: job.templateType, status: .softBounce, responseCode: 451,
            latencyMilliseconds: 41.5, attemptedAt: .now, occurredAt: .now)
        let field = Array("{\"recipient\":\"\(recipient(of: .email, 950))\",".utf8)
        return [("outcome", field + JobEncoder.json(outcome).dropFirst()), ("bad-outcome", field + Array("\"job_id\":7}".utf8))]
    }

    /// A body of `/v2/models/herald/infer`.
    func tensor(_ bodies: [[UInt8]]) throws -> [UInt8] {
        let data = bodies.map { String(decoding: $0, as: UTF8.self) }
        let input: [String: Any] = ["name": "job", "shape": [data.count], "datatype": "BYTES", "data": data]
        return Array(try JSONSerialization.data(withJSONObject: ["inputs": [input]]))
    }
}
