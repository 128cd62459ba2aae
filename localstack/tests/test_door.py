"""Starting and stopping: side by side, and leaving nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import urllib.request
from pathlib import Path

from conftest import HERE, Aws, eventually, start


def processes_of(pid: int) -> set[int]:
    """The process and its children."""
    found = {pid}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.add(int(path.parent.name))
    return found


def gone(pids: set[int]) -> bool:
    """Ended, or ended and only waiting to be asked."""

    def ended(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return True

    return all(ended(pid) for pid in pids)


def test_side_by_side_and_each_way_to_end() -> None:
    stacks = [start("--factor", "0") for _ in range(3)]
    endpoints = {endpoint for _, endpoint in stacks}
    assert len(endpoints) == 3
    for process, endpoint in stacks:
        aws = Aws(endpoint, "123456789012")
        aws.vpc()
        assert len([line for line in aws.inventory() if "\tvpc\t" in line]) == 1
    pids = [processes_of(process.pid) for process, _ in stacks]
    assert all(len(found) == 2 for found in pids)
    stacks[0][0].send_signal(signal.SIGTERM)
    stacks[1][0].stdin.close()
    stacks[2][0].kill()
    for number, (process, _) in enumerate(stacks):
        code = process.wait(10)
        assert code == (-signal.SIGKILL if number == 2 else 0)
        eventually(lambda number=number: gone(pids[number]))


def test_a_dead_child_ends_the_whole() -> None:
    process, _ = start("--factor", "0")
    (child,) = processes_of(process.pid) - {process.pid}
    os.kill(child, signal.SIGKILL)
    assert process.wait(10) == 1


def test_up_inventory_down(tmp_path: Path) -> None:
    """In a cache folder of its own; the environment itself is shared by a link."""
    real = Path(
        os.environ.get("EKSACT_CACHE")
        or Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "eksact"
    )
    for venv in real.glob("venv-*"):
        if venv.is_dir():
            (tmp_path / venv.name).symlink_to(venv)
    before = {path.name for path in tmp_path.iterdir()}
    environ = {**os.environ, "EKSACT_CACHE": str(tmp_path)}

    def run(name: str, *arguments: str) -> str:
        command = [str(HERE / name), *arguments]
        return subprocess.run(command, env=environ, check=True, capture_output=True, text=True).stdout

    exports = run("up", "--factor", "1000")
    lines = dict(line.removeprefix("export ").split("=", 1) for line in exports.splitlines())
    assert list(lines) == ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"]
    assert lines["AWS_REGION"] == "us-west-2"
    assert run("up") == exports, "up when up only reports"
    aws = Aws(lines["AWS_ENDPOINT_URL"], "123456789012")
    aws.vpc()
    assert run("inventory") == run("inventory", "--endpoint", lines["AWS_ENDPOINT_URL"])
    assert "\tvpc\t" in run("inventory") and run("inventory", "--account", "999999999999") == ""
    with urllib.request.urlopen(f"{aws.endpoint}/_local/health") as answer:
        assert json.load(answer)["status"] == "ok"
    (state,) = tmp_path.glob("stack-*.json")
    pids = processes_of(json.loads(state.read_text())["pid"])
    run("down")
    assert gone(pids)
    assert {path.name for path in tmp_path.iterdir()} == before
    assert run("down") == ""


def test_reset_wipes_one_account(endpoint: str) -> None:
    one, two = Aws(endpoint, "400000000001"), Aws(endpoint, "400000000002")
    for aws in (one, two):
        aws.cluster()
    one.control("POST", "reset")
    assert one.inventory() == [] and one.calls() == []
    assert two.eks.list_clusters()["clusters"] == ["demo"]
    one.cluster()


def test_inventory_knows_everything(aws: Aws) -> None:
    cluster = aws.cluster(logging={"clusterLogging": [{"types": ["api"], "enabled": True}]})
    aws.nodegroup(cluster)
    aws.eks.create_addon(clusterName="demo", addonName="vpc-cni", tags={"b": "2", "a": "1"})
    vpc = cluster["resourcesVpcConfig"]["vpcId"]
    igw = aws.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    aws.ec2.attach_internet_gateway(InternetGatewayId=igw, VpcId=vpc)
    address = aws.ec2.allocate_address(Domain="vpc")["AllocationId"]
    subnet = cluster["resourcesVpcConfig"]["subnetIds"][0]
    aws.ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)
    aws.ec2.create_key_pair(KeyName="k")
    aws.ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-west-2.s3")
    aws.client("kms").create_key()
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    aws.iam.create_policy(PolicyName="p", PolicyDocument=document)
    issuer = cluster["identity"]["oidc"]["issuer"]
    aws.iam.create_open_id_connect_provider(
        Url=issuer, ThumbprintList=["a" * 40], ClientIDList=["sts.amazonaws.com"]
    )
    lines = [line.split("\t") for line in aws.inventory()]
    assert all(len(line) == 5 for line in lines) and lines == sorted(lines)
    kinds = {f"{line[0]} {line[1]}" for line in lines}
    assert kinds == {
        "autoscaling group",
        "ec2 elastic-ip",
        "ec2 instance",
        "ec2 internet-gateway",
        "ec2 key-pair",
        "ec2 launch-template",
        "ec2 nat-gateway",
        "ec2 network-interface",
        "ec2 route-table",
        "ec2 security-group",
        "ec2 subnet",
        "ec2 volume",
        "ec2 vpc",
        "ec2 vpc-endpoint",
        "eks addon",
        "eks cluster",
        "eks nodegroup",
        "iam instance-profile",
        "iam oidc-provider",
        "iam policy",
        "iam role",
        "kms key",
        "logs group",
    }
    assert [line[4] for line in lines if line[1] == "addon"] == ["a=1,b=2"]
