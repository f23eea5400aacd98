package import Scoring

/// One value for each template type.
package struct PerTemplate<Value> {
    package var otp: Value
    package var transactional: Value
    package var alert: Value
    package var marketing: Value

    package init(otp: Value, transactional: Value, alert: Value, marketing: Value) {
        self.otp = otp
        self.transactional = transactional
        self.alert = alert
        self.marketing = marketing
    }

    package subscript(template: TemplateType) -> Value {
        switch template {
        case .otp: otp
        case .transactional: transactional
        case .alert: alert
        case .marketing: marketing
        }
    }
}

extension PerTemplate: Sendable where Value: Sendable {}
extension PerTemplate: Equatable where Value: Equatable {}
