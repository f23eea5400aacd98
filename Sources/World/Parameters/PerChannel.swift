package import Scoring

/// One value for each channel.
package struct PerChannel<Value> {
    package var email: Value
    package var sms: Value
    package var push: Value

    package init(email: Value, sms: Value, push: Value) {
        self.email = email
        self.sms = sms
        self.push = push
    }

    package subscript(channel: Channel) -> Value {
        switch channel {
        case .email: email
        case .sms: sms
        case .push: push
        }
    }
}

extension PerChannel: Sendable where Value: Sendable {}
extension PerChannel: Equatable where Value: Equatable {}
