"""What KWOK does to pods: they become Ready, complete and go; or they are in a trouble that was asked for."""

from __future__ import annotations

from typing import Any

import yaml

Json = dict[str, Any]
# What is wrong with the pods of a workload, by `namespace/name` of it, or "*".
Troubles = dict[str, str]

IMAGE_PULL, CRASH, UNSCHEDULABLE, NEVER_READY = "image-pull", "crash", "unschedulable", "never-ready"
MODES = {IMAGE_PULL, CRASH, UNSCHEDULABLE, NEVER_READY, ""}
EVERYONE = "*"

# A pod's workload: the name of a ReplicaSet ends in a hash that is not the Deployment's.
WORKLOAD = (
    '((.metadata.ownerReferences // [])[0] // {"kind": "", "name": .metadata.name}) as $owner'
    ' | .metadata.namespace + "/" + (if $owner.kind == "ReplicaSet"'
    ' then ($owner.name | sub("-[a-z0-9]+$"; "")) else $owner.name end)'
)
READY = '.status.conditions.[] | select( .type == "Ready" ) | .status'
FIRST = "(.status.containerStatuses // [])[0]"

WHERE = """
{{ $hostIPs := NodeIPsWith .spec.nodeName }}
{{ with $hostIPs }}
hostIP: {{ index . 0 | Quote }}
hostIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ if not .status.podIP }}
{{ $podIPs := PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
{{ with $podIPs }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- ip: {{ . | Quote }}
{{ end }}
{{ end }}
{{ end }}
startTime: {{ or .status.startTime $now | Quote }}
"""

INITIALISED = """
initContainerStatuses:
{{ range .spec.initContainers }}
- image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: true
  restartCount: 0
  {{ if eq .restartPolicy "Always" }}
  started: true
  state:
    running:
      startedAt: {{ $now | Quote }}
  {{ else }}
  started: false
  state:
    terminated:
      exitCode: 0
      finishedAt: {{ $now | Quote }}
      reason: Completed
      startedAt: {{ $now | Quote }}
  {{ end }}
{{ end }}
"""

CONDITIONS = """
{{ $now := Now }}
conditions:
- {type: PodReadyToStartContainers, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }}}
- {type: Ready, status: "%(ready)s", lastTransitionTime: {{ $now | Quote }}%(why)s}
- {type: ContainersReady, status: "%(ready)s", lastTransitionTime: {{ $now | Quote }}%(why)s}
"""

GATES = """
{{ range .spec.readinessGates }}
- {type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }}}
{{ end }}
"""

CONTAINERS = """
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
%s
{{ end }}
"""

RUNNING = """
  imageID: {{ .image | Quote }}
  ready: %s
  restartCount: 0
  started: true
  state:
    running:
      startedAt: {{ $now | Quote }}
"""

PULLING = """
  imageID: ""
  ready: false
  restartCount: 0
  started: false
  state:
    waiting:
      reason: ImagePullBackOff
      message: {{ printf "Back-off pulling image \\"%s\\": ErrImagePull: failed to pull and unpack image \\"%s\\": not found" .image .image | Quote }}
"""

CRASHING = """
  imageID: {{ .image | Quote }}
  ready: false
  restartCount: 4
  started: false
  lastState:
    terminated:
      exitCode: 1
      reason: Error
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
  state:
    waiting:
      reason: CrashLoopBackOff
      message: {{ printf "back-off 1m20s restarting failed container=%s pod=%s_%s(%s)" .name $root.metadata.name $root.metadata.namespace $root.metadata.uid | Quote }}
"""

COMPLETED = """
{{ $now := Now }}
conditions:
- {type: Ready, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }}}
- {type: ContainersReady, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }}}
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: false
  restartCount: 0
  started: false
  state:
    terminated:
      exitCode: 0
      finishedAt: {{ $now | Quote }}
      reason: Completed
      startedAt: {{ $now | Quote }}
{{ end }}
phase: Succeeded
"""

WHY_NOT = (
    ', reason: ContainersNotReady, message: {{ $names := "" }}{{ range .spec.containers }}'
    '{{ $names = printf "%s %s" $names .name }}{{ end }}'
    '{{ printf "containers with unready status: [%s]" ( trim $names ) | Quote }}'
)


def _status(ready: bool, container: str, phase: str) -> str:
    state = {"ready": str(ready), "why": ", reason: null, message: null" if ready else WHY_NOT}
    parts = ["{{ $root := . }}", CONDITIONS % state, GATES if ready else "", CONTAINERS.replace("%s", container)]
    return "\n".join(line for line in "".join([*parts, INITIALISED, WHERE]).split("\n") if line.strip()) + f"\nphase: {phase}\n"


def _key(key: str, operator: str, *values: str) -> Json:
    return {"key": key, "operator": operator, **({"values": list(values)} if values else {})}


LIVING = _key(".metadata.deletionTimestamp", "DoesNotExist")
UNFINISHED = _key(".status.phase", "In", "Pending", "Running")


def _stage(name: str, conditions: list[Json], then: Json, kind: str = "Pod") -> Json:
    return {
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": name},
        "spec": {
            "resourceRef": {"apiGroup": "v1", "kind": kind},
            "selector": {"matchExpressions": conditions},
            "next": then,
        },
    }


# By mode: what is not yet true of a pod that this is to befall, what becomes of it, and what the kubelet says.
BEFALL: dict[str, tuple[Json, str, Json | None]] = {
    "": (_key(READY, "NotIn", "True"), _status(True, RUNNING % "true", "Running"), None),
    IMAGE_PULL: (
        _key(f"{FIRST}.state.waiting.reason", "NotIn", "ImagePullBackOff"),
        _status(False, PULLING, "Pending"),
        {"type": "Warning", "reason": "Failed", "message": "Error: ImagePullBackOff"},
    ),
    CRASH: (
        _key(f"{FIRST}.state.waiting.reason", "NotIn", "CrashLoopBackOff"),
        _status(False, CRASHING, "Running"),
        {"type": "Warning", "reason": "BackOff", "message": "Back-off restarting failed container"},
    ),
    NEVER_READY: (
        _key(f"({FIRST} | (.state.running != null and .ready == false) | tostring)", "NotIn", "true"),
        _status(False, RUNNING % "false", "Running"),
        {"type": "Warning", "reason": "Unhealthy", "message": "Readiness probe failed: connection refused"},
    ),
}


def _whose(mode: str, troubles: Troubles) -> list[Json] | None:
    """The condition for the pods that are in this mode; None where there are none."""
    modes = {name: "" if found == UNSCHEDULABLE else found for name, found in troubles.items()}
    named = sorted(name for name, found in modes.items() if name != EVERYONE and found == mode)
    others = sorted(name for name, found in modes.items() if name != EVERYONE and found != mode)
    if modes.get(EVERYONE, "") == mode:
        return [_key(WORKLOAD, "NotIn", *others)] if others else []
    return [_key(WORKLOAD, "In", *named)] if named else None


def text(troubles: Troubles) -> str:
    """KWOK's configuration."""
    # Nodes are the stack's own affair, but KWOK takes those for its own only for which it has a stage.
    found = [_stage("node-none", [_key(".metadata.name", "DoesNotExist")], {"delete": True}, "Node")]
    found += [_stage("pod-delete", [_key(".metadata.deletionTimestamp", "Exists")], {"delete": True})]
    job = _key(".metadata.ownerReferences.[].kind", "In", "Job")
    done = [LIVING, _key(".status.phase", "In", "Running"), _key(READY, "In", "True"), job]
    found.append(_stage("pod-complete", done, {"statusTemplate": COMPLETED}))
    for mode, (not_yet, status, event) in BEFALL.items():
        whose = _whose(mode, troubles)
        if whose is not None:
            then = {"statusTemplate": status, **({"event": event} if event else {})}
            found.append(_stage(f"pod-{mode or 'ready'}", [LIVING, UNFINISHED, not_yet, *whose], then))
    return yaml.safe_dump_all(found, sort_keys=False)


def of(troubles: Troubles, workload: str) -> str:
    return troubles.get(workload, troubles.get(EVERYONE, ""))


def workload(pod: Json) -> str:
    """As `WORKLOAD` says it."""
    owner = (pod["metadata"].get("ownerReferences") or [{"kind": "", "name": pod["metadata"].get("name", "")}])[0]
    name = owner["name"]
    if owner["kind"] == "ReplicaSet":
        name = name.rpartition("-")[0]
    return f"{pod['metadata']['namespace']}/{name}"
