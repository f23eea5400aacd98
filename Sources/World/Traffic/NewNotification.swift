package import Scoring

/// A notification as the service creates it, before its first attempt.
package struct NewNotification: Sendable {
    /// Counts from 0 within one generator.
    package let number: UInt64
    /// Counts within the world's recipients.
    package let recipient: UInt64
    /// Index of the provider that the service would use.
    package let provider: Int
    package let pending: PendingAttempt

    /// When it was created, which is when its first attempt is due.
    package var createdAt: Timestamp { pending.createdAt }
}
