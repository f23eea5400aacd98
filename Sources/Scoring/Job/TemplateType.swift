/// What a notification is for; decides its value and how fast that value decays.
///
/// Raw values are the words of the job message.
package enum TemplateType: String, CaseIterable, Sendable {
    case otp
    case transactional
    case alert
    case marketing
}
