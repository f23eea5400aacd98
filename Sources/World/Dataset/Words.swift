import Scoring

/// The words of the message schema as bytes, made once.
private let channels = Channel.allCases.map { Array($0.rawValue.utf8) }
private let templates = TemplateType.allCases.map { Array($0.rawValue.utf8) }
private let statuses = DeliveryStatus.allCases.map { Array($0.rawValue.utf8) }
private let parts = LoggingPolicy.Part.allCases.map { Array($0.rawValue.utf8) }

extension Channel {
    var word: [UInt8] { channels[Int(ordinal) - 1] }
}

extension TemplateType {
    var word: [UInt8] {
        switch self {
        case .otp: templates[0]
        case .transactional: templates[1]
        case .alert: templates[2]
        case .marketing: templates[3]
        }
    }
}

extension DeliveryStatus {
    var word: [UInt8] {
        switch self {
        case .none: statuses[0]
        case .delivered: statuses[1]
        case .softBounce: statuses[2]
        case .hardBounce: statuses[3]
        case .timeout: statuses[4]
        case .throttled: statuses[5]
        case .rejected: statuses[6]
        case .unregistered: statuses[7]
        }
    }
}

extension LoggingPolicy.Part {
    var word: [UInt8] {
        switch self {
        case .blind: parts[0]
        case .backoff: parts[1]
        case .random: parts[2]
        }
    }
}
