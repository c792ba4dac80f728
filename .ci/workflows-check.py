"""What the scripts of .github/scripts do, with stand-ins for what they talk to: the API and GitHub's tokens as a server on loopback,
az, helm and terraform as programs that note how they are called and answer as they are told."""
import http.server, json, os, pathlib, subprocess, sys, tempfile, threading

answers = {}
work = pathlib.Path(tempfile.mkdtemp())
programs = work / "bin"
programs.mkdir()


class Server(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        if self.headers.get("Authorization") != f"Bearer {answers.get('token', 'token')}" or not self.headers.get("Idempotency-Key"):
            return self.answer(401, {"title": "no token"})
        self.answer(answers["start"], {"id": "training-7"} if answers["start"] == 202 else {"title": "Busy"})

    def do_GET(self):
        if self.path.startswith("/assertion"):
            assert self.path.endswith("audience=api%3A%2F%2FAzureADTokenExchange"), self.path
            assert self.headers.get("Authorization") == "Bearer job", self.headers
            return self.answer(200, {"value": "fresh-assertion"})
        assert self.path == "/api/v1/training/runs/training-7", self.path
        self.answer(200, answers["runs"].pop(0) if len(answers["runs"]) > 1 else answers["runs"][0])

    def log_message(self, *ignored):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"


def program(name, body):
    path = programs / name
    path.write_text(f'#!/usr/bin/env bash\necho "{name} $*" >>"{work}/calls"\n{body}\n')
    path.chmod(0o755)


def run(script, environment, expected, arguments=()):
    (work / "calls").write_text("")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ACTIONS_", "GITHUB_", "TF_VAR_", "OUTRIDER_"))}
    ran = subprocess.run([f".github/scripts/{script}", *arguments], env={**clean, "PATH": f"{programs}:{os.environ['PATH']}", **environment},
                         capture_output=True, text=True)
    if ran.returncode != expected:
        sys.exit(f"{script}: ended with {ran.returncode} instead of {expected}\n{ran.stdout}{ran.stderr}")
    return ran.stdout, (work / "calls").read_text().splitlines()


def holds(what, condition, shown):
    if not condition:
        sys.exit(f"{what}:\n{shown}")


JOB = {"ACTIONS_ID_TOKEN_REQUEST_URL": f"{address}/assertion?x=1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "job", "AZURE_CLIENT_ID": "client",
       "AZURE_TENANT_ID": "tenant", "AZURE_SUBSCRIPTION_ID": "subscription"}


def retrain():
    running = [{"state": "queued"}, {"state": "running"}]
    passed = running + [{"state": "succeeded", "summary": "model 8", "results": {"modelVersion": "8"}}]
    refused = running + [{"state": "failed", "summary": "refused: too few rows: 12 of 1000"}]
    cases = [
        ("passed", 202, passed, "token", 0, "model 8"),
        ("refused", 202, refused, "token", 1, "the gate refuses: too few rows"),
        ("failed", 202, running + [{"state": "failed", "summary": "the lake is away"}], "token", 1, "failed: the lake is away"),
        ("timed out", 202, [{"state": "timed-out"}], "token", 1, "timed-out"),
        ("another runs", 409, [], "token", 2, "answered 409"),
        ("no token", 202, [], "stale", 2, "answered 401"),
        ("never ends", 202, running, "token", 1, "has not ended"),
    ]
    limits = {"OUTRIDER_URL": address, "OUTRIDER_RETRAIN_PAUSE_SECONDS": "0", "OUTRIDER_RETRAIN_LIMIT_SECONDS": "60"}
    for name, start, runs, token, expected, said in cases:
        answers.update(start=start, runs=list(runs), token="token")
        output, _ = run("retrain", {**limits, "OUTRIDER_TOKEN": token, **({"OUTRIDER_RETRAIN_LIMIT_SECONDS": "2"} if runs == running else {})}, expected)
        holds(f"retrain, {name}: does not say {said!r}", said in output, output)
    # A login that has run out, as it does after an hour, is made anew.
    program("az", f"""case $* in
  login*) touch "{work}/logged-in" ;;
  *get-access-token*) [ -e "{work}/logged-in" ] || exit 1; echo renewed ;;
esac""")
    answers.update(start=202, runs=list(passed), token="renewed")
    _, calls = run("retrain", {**limits, **JOB, "OUTRIDER_AUDIENCE": "audience"}, 0)
    holds("retrain does not log in again", any("--federated-token fresh-assertion" in call for call in calls), calls)
    return len(cases) + 1


RELEASE = {"VERSION": "1.2.3", "REPOSITORY": "Acme/Outrider", "RESOURCE_GROUP": "group", "CLUSTER": "aks", "REGISTRY": "acr",
           "VALUES": "environment: dev", "GHCR_TOKEN": "ghcr", "GHCR_USER": "user", "OUTRIDER_DEPLOY_PAUSE_SECONDS": "0"}


def upgrade():
    program("helm", """case $1 in
  pull) touch "${@: -1}/outrider-1.2.3.tgz" ;;
  show) printf 'image:\\n  digest: %s\\n' "${DIGEST:-sha256:00}" ;;
  registry) cat >/dev/null ;;
esac""")
    # As the CLI answers: `invoke` names the command and does not wait, `result` says in words that it runs, and in JSON that it has ended.
    program("az", r"""case $* in
  *"command invoke"*)
    [[ $* == *--no-wait* ]] || { echo "waits for 300 s and gives up" >&2; exit 1; }
    case $* in *"helm history"*) id=history ;; *"helm upgrade"*) id=upgrade ;; *"helm test"*) id=test ;; *"helm rollback"*) id=rollback ;; esac
    [ "${UNREACHABLE:-}" != $id ] || exit 1
    [ $id != upgrade ] || touch "WORK/upgraded"
    echo ${RUNNING:-0} >"WORK/left"
    echo "command id: $id, started at: None, status: Running"
    echo 'Please use command "az aks command result" to get the future execution result' ;;
  *"command result"*)
    left=$(<"WORK/left")
    if [ "$left" -gt 0 ]; then
      echo $((left - 1)) >"WORK/left"
      [ "${LOGIN_RUNS_OUT:-}" != $left ] || exit 1
      echo "command id: x, started at: None, status: Running"; exit 0
    fi
    case $* in
      *"--command-id ${UNANSWERED:-none} "*) echo '{"exitCode": null, "logs": null, "provisioningState": "Failed", "reason": "no node"}' ;;
      *"--command-id history "*)
        if [ -e "WORK/upgraded" ]; then HISTORY=${HISTORY_AFTER:-$HISTORY}; fi
        jq -n --arg logs "$HISTORY" --argjson code "${HISTORY_CODE:-0}" '{exitCode: $code, logs: $logs}' ;;
      *"--command-id upgrade "*) echo "{\"exitCode\": ${UPGRADED:-0}, \"logs\": \"\"}" ;;
      *"--command-id test "*) echo "{\"exitCode\": ${SERVES:-0}, \"logs\": \"\"}" ;;
      *"--command-id rollback "*) echo '{"exitCode": 0, "logs": ""}' ;;
    esac ;;
esac""".replace("WORK", str(work)))
    history = json.dumps([{"revision": 4, "status": "superseded"}, {"revision": 5, "status": "deployed"}, {"revision": 6, "status": "failed"}])
    gone_back = json.dumps([*json.loads(history), {"revision": 7, "status": "failed"}, {"revision": 8, "status": "deployed"}])
    cut_off = json.dumps([*json.loads(history), {"revision": 7, "status": "failed"}, {"revision": 8, "status": "pending-rollback"}])
    under_way = json.dumps([*json.loads(history), {"revision": 7, "status": "pending-upgrade"}])
    cases = [
        ("serves", {"HISTORY": history}, 0, None),
        ("does not serve", {"HISTORY": history, "SERVES": "1"}, 1, "helm rollback outrider 5 "),
        ("does not become ready: Helm has gone back by itself", {"HISTORY": history, "HISTORY_AFTER": gone_back, "UPGRADED": "1"}, 1, None),
        ("does not become ready, and Helm was cut off on its way back", {"HISTORY": history, "HISTORY_AFTER": cut_off, "UPGRADED": "1"}, 1, "helm rollback outrider 5 "),
        ("another upgrade goes on, which ours was refused for", {"HISTORY": under_way, "HISTORY_AFTER": under_way, "UPGRADED": "1"}, 1, None),
        ("the first one does not serve", {"HISTORY": "Error: release: not found", "HISTORY_CODE": "1", "SERVES": "1"}, 1, None),
        ("what is running cannot be told", {"HISTORY": "Error: Kubernetes cluster unreachable", "HISTORY_CODE": "1"}, 1, None),
        ("a chart that names no image by its digest", {"HISTORY": history, "DIGEST": '""'}, 1, None),
        ("takes longer than one question", {"HISTORY": history, "RUNNING": "5"}, 0, None),
        ("takes longer and does not serve", {"HISTORY": history, "RUNNING": "2", "SERVES": "1"}, 1, "helm rollback outrider 5 "),
        ("does not end", {"HISTORY": history, "RUNNING": "1000000", "OUTRIDER_DEPLOY_LIMIT_SECONDS": "1"}, 1, None),
        ("cannot be asked whether it serves", {"HISTORY": history, "UNREACHABLE": "test"}, 1, None),
        ("the cluster does not run the test", {"HISTORY": history, "UNANSWERED": "test"}, 1, None),
    ]
    for name, environment, expected, back in cases:
        (work / "upgraded").unlink(missing_ok=True)
        _, calls = run("upgrade", {**RELEASE, **JOB, **environment}, expected)
        rolled = [call for call in calls if "helm rollback" in call]
        holds(f"upgrade, {name}", len(rolled) == (back is not None) and (back is None or back in rolled[0]), calls)
    _, calls = run("upgrade", {**RELEASE, **JOB, "HISTORY": history}, 0)
    holds("the image is not the released one", any("--source ghcr.io/acme/outrider@sha256:00 --image outrider:1.2.3" in call for call in calls), calls)
    holds("nodes say another version than the one that runs", any("--set-string image.tag=1.2.3 " in call for call in calls if "helm upgrade" in call), calls)
    holds("a roll-out outlives its login", sum("login --service-principal" in call for call in calls) >= 3, calls)
    _, calls = run("upgrade", {**RELEASE, **JOB, "HISTORY": "Error: Kubernetes cluster unreachable", "HISTORY_CODE": "1"}, 1)
    holds("an upgrade that has no way back is begun", not any("helm upgrade" in call for call in calls), calls)
    _, calls = run("upgrade", {**RELEASE, **JOB, "HISTORY": history, "UNREACHABLE": "test"}, 1)
    holds("a test that could not be asked for is not asked for again", sum("helm test" in call for call in calls) == 3, calls)
    _, calls = run("upgrade", {**RELEASE, **JOB, "HISTORY": history, "RUNNING": "2", "LOGIN_RUNS_OUT": "1"}, 0)
    holds("a login that runs out while waiting is not made anew", sum("login --service-principal" in call for call in calls) == 6, calls)
    _, calls = run("upgrade", {**RELEASE, "VERSION": "1.2.3; rm -rf /"}, 1)
    holds("what is no version gets as far as a command", calls == [], calls)
    return len(cases) + 6


def infrastructure():
    # The plan's text has in it whatever the plan depends on, so that a difference of inputs shows.
    program("terraform", """case $1 in
  plan | apply) echo 'callback_url = "https://logic.example.com/run?sv=1.0&sig=s3cr-e_t&x=1"' ;;
  show) printf 'plan: %s, chat %s, password %s, pager %s\\n' "$(cat terraform.tfvars)" "${TF_VAR_operations_webhook_url-none}" "${TF_VAR_synapse_sql_password-none}" "${TF_VAR_alert_webhooks-none}"
    echo 'callback_url = "https://logic.example.com/run?sv=1.0&sig=s3cr-e_t"' ;;
esac""")
    folder = work / "env"
    folder.mkdir()
    outputs = work / "outputs"
    inputs = {"BACKEND": "key = 1", "VARIABLES": "owner = 1", "RUNNER_TEMP": str(work), "GITHUB_OUTPUT": str(outputs),
              "TF_VAR_operations_webhook_url": "https://chat", "TF_VAR_synapse_sql_password": "", "TF_VAR_alert_webhooks": ""}
    output, _ = run("plan", inputs, 0, [str(folder), "-lock=false"])
    text = (work / "plan.txt").read_text()
    holds("an empty secret is none", text.startswith("plan: owner = 1, chat https://chat, password none, pager none\n"), text)
    holds("a signed address is shown", "s3cr" not in text + output and "sv=1.0&sig=REDACTED&x=1" in output, text + output)
    approved = outputs.read_text().strip().removeprefix("fingerprint=")
    output, calls = run("apply", {**inputs, "APPROVED": approved}, 0, [str(folder)])
    holds("an apply shows a signed address", "s3cr" not in output, output)
    holds("what was approved is not applied", calls[-1].startswith("terraform apply"), calls)
    _, calls = run("apply", {**inputs, "APPROVED": approved, "VARIABLES": "owner = 2"}, 1, [str(folder)])
    holds("another plan than the approved one is applied", not any(call.startswith("terraform apply") for call in calls), calls)
    for name in ("alert_webhooks", "operations_webhook_url", "synapse_sql_password"):
        output, calls = run("plan", {**inputs, "VARIABLES": f'owner = 1\n  {name} = "https://x"'}, 1, [str(folder)])
        holds(f"{name} is taken from what the log shows", f"set the environment's secret {name.upper()}" in output and calls == [], output)
    return 6


print(f"retrain: {retrain()} cases, upgrade: {upgrade()}, plan and apply: {infrastructure()}")
