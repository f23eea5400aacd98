/// The medium a notification travels through.
///
/// Raw values are the words of the job message.
package enum Channel: String, CaseIterable, Sendable {
    case email
    case sms
    case push
}
