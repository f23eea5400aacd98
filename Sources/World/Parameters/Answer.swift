package import Scoring

/// One way to answer an attempt.
package struct Answer: Sendable {
    package let status: DeliveryStatus
    /// SMTP (email) or HTTP code; `nil` where no answer came.
    package let code: Int?
    /// Relative frequency.
    package let weight: Double

    init(_ status: DeliveryStatus, _ code: Int?, _ weight: Double) {
        self.status = status
        self.code = code
        self.weight = weight
    }
}
