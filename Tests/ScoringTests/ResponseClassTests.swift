import Scoring
import Testing

/// What response codes mean on each channel.
struct ResponseClassTests {
    @Test(arguments: [
        (250, ResponseClass.accepted), (421, .route), (450, .transient), (451, .transient), (452, .transient), (454, .route),
        (501, .route), (521, .permanent), (535, .route), (550, .unknown), (551, .permanent), (552, .transient), (553, .permanent),
        (554, .unknown), (556, .permanent), (354, .unknown), (0, .unknown), (99_999, .unknown),
        // HTTP interfaces of email providers.
        (429, .transient), (401, .route), (413, .permanent),
    ])
    func email(_ code: Int, _ expected: ResponseClass) {
        #expect(ResponseClass(code: code, channel: .email) == expected)
    }

    @Test(arguments: [
        (200, ResponseClass.accepted), (202, .accepted), (400, .unknown), (401, .route), (403, .route), (404, .permanent),
        (408, .transient), (410, .permanent), (413, .permanent), (429, .transient), (451, .unknown), (500, .route), (503, .route),
        (550, .route), (302, .unknown), (30_003, .unknown),
    ])
    func http(_ code: Int, _ expected: ResponseClass) {
        #expect(ResponseClass(code: code, channel: .sms) == expected)
        #expect(ResponseClass(code: code, channel: .push) == expected)
    }
}
