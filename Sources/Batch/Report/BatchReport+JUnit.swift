extension BatchReport {
    /// JUnit's XML: a test case for each job; what was not run counts as skipped, and what was up to date as passed.
    public var junit: String {
        let cases = results.map { result in
            let name = Markup.escaped(result.job.name)
            let time = Quantity.decimals(result.seconds, 3)
            let start = "  <testcase classname=\"sluice.batch\" name=\"\(name)\" time=\"\(time)\""
            switch result.status {
            case .done, .upToDate: return start + "/>\n"
            case .notRun, .interrupted:
                let reason = Markup.escaped(result.failure?.message ?? "interrupted")
                return start + "><skipped message=\"\(reason)\"/></testcase>\n"
            case .failed:
                let type = Markup.escaped(result.failure?.name ?? "failed")
                let reason = Markup.escaped(result.failure?.message ?? "")
                return start + "><failure type=\"\(type)\" message=\"\(reason)\"/></testcase>\n"
            }
        }
        let counts =
            "tests=\"\(results.count)\" failures=\"\(count(.failed))\" skipped=\"\(count(.notRun, .interrupted))\""
            + " time=\"\(Quantity.decimals(seconds, 3))\""
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"sluice batch\" \(counts)>\n"
            + cases.joined() + "</testsuite>\n"
    }
}
