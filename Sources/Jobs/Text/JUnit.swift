internal import VideoTypes

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A test suite as JUnit's XML, in the form that Jenkins and GitLab read: counts of every kind, when and where it ran, and the
/// reason of each case both as an attribute and as the element's text, which is what they show.
package struct JUnit {
    /// Why a case did not pass.
    package struct Reason {
        /// A word for programs, such as `timedOut`.
        package let type: String
        /// The reason for people.
        package let message: String

        /// A reason.
        package init(type: String, message: String) { (self.type, self.message) = (type, message) }
    }

    /// What became of a case.
    package enum Outcome {
        case passed
        /// What was tested does not do what it has to.
        case failed(Reason)
        /// The test could not be carried out to its end.
        case error(Reason)
        /// The test was not possible.
        case skipped(Reason)
    }

    /// One test.
    package struct Case {
        /// What it tests.
        package let name: String
        /// Seconds that it took; `nil` if that was not measured.
        package let seconds: Double?
        /// The result.
        package let outcome: Outcome

        /// A case.
        package init(name: String, seconds: Double? = nil, outcome: Outcome) {
            (self.name, self.seconds, self.outcome) = (name, seconds, outcome)
        }
    }

    /// The suite's name for people.
    package let name: String
    /// What all cases are listed under, with dots between its parts.
    package let className: String
    /// The tests, in order.
    package let cases: [Case]
    /// Seconds that all of them took together; `nil` if that was not measured.
    package let seconds: Double?

    /// A suite that has just ended.
    package init(name: String, className: String, cases: [Case], seconds: Double? = nil) {
        (self.name, self.className, self.cases, self.seconds) = (name, className, cases, seconds)
    }

    /// The file.
    package var xml: String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + element("testsuite", suiteAttributes, "\n" + cases.map(element).joined())
    }

    private var suiteAttributes: [(String, String)] {
        let began = Date.now.addingTimeInterval(-(seconds ?? 0))
        return [
            ("name", name), ("tests", "\(cases.count)"),
            ("failures", "\(cases.count { $0.outcome.tag == "failure" })"),
            ("errors", "\(cases.count { $0.outcome.tag == "error" })"),
            ("skipped", "\(cases.count { $0.outcome.tag == "skipped" })"),
            // The form has no time zone: it is UTC.
            ("timestamp", String(began.ISO8601Format().prefix { $0 != "Z" })), ("hostname", Host.name),
        ] + time(seconds)
    }

    private func element(_ test: Case) -> String {
        let attributes = [("classname", className), ("name", test.name)] + time(test.seconds)
        guard let reason = test.outcome.reason, let tag = test.outcome.tag else {
            return "  " + element("testcase", attributes, "")
        }
        let inner = element(
            tag,
            [("type", reason.type), ("message", reason.message)],
            Markup.escaped(reason.message)
        )
        return "  " + element("testcase", attributes, "\n    \(inner)  ")
    }

    private func time(_ seconds: Double?) -> [(String, String)] {
        seconds.map { [("time", Quantity.decimals($0, 3))] } ?? []
    }

    private func element(_ tag: String, _ attributes: [(String, String)], _ content: String) -> String {
        let list = attributes.map { name, value in
            // A plain line feed in an attribute is read as a space.
            " \(name)=\"\(Markup.escaped(value).replacing("\n", with: "&#10;"))\""
        }
        return content.isEmpty ? "<\(tag)\(list.joined())/>\n" : "<\(tag)\(list.joined())>\(content)</\(tag)>\n"
    }
}

extension JUnit.Outcome {
    /// The element for it; `nil` for a case that passed.
    fileprivate var tag: String? {
        switch self {
        case .passed: nil
        case .failed: "failure"
        case .error: "error"
        case .skipped: "skipped"
        }
    }

    fileprivate var reason: JUnit.Reason? {
        switch self {
        case .passed: nil
        case .failed(let reason), .error(let reason), .skipped(let reason): reason
        }
    }
}
