//! Single components, installed and taken away beside everything else.

use serde_json::json;

use super::shell::Shell;

/// A cluster without components.
const FILE: &str = "\
apiVersion: eksact.dev/v1alpha1
kind: ClusterConfig
metadata: {name: demo, region: us-west-2, tags: {team: web}}
vpc: {cidr: 10.20.0.0/16, nat: {gateway: Single}}
managedNodeGroups: [{name: ng1, desiredCapacity: 1}]
";
const WHERE: &str = "--cluster demo --region us-west-2";

/// The cluster, in which what is asked for runs.
fn cluster(file: &str) -> Shell {
    let it = Shell::with_workloads();
    it.file("cluster.yaml", file);
    it.eksact("create cluster -f cluster.yaml --skip-preflight").exits(0);
    it.sent();
    it
}

#[test]
fn one_that_no_file_names_is_installed_as_the_cluster_lives_and_goes_without_a_trace() {
    let it = cluster(FILE);
    let before = it.account.inventory();
    let create = format!("create component cluster-autoscaler {WHERE}");
    it.eksact(&format!("{create} --dry-run")).exits(0).says("+ component cluster-autoscaler");
    it.nothing_sent();
    let made = it.eksact(&create).exits(0).says("+ identity").says("eks-pod-identity-agent");
    let made = made.says("demo has what was asked for").says("eksact get component --cluster demo");
    made.says("No file names component cluster-autoscaler").says("    - name: cluster-autoscaler");
    let calls =
        ["eks:CreateAddon", "eks:CreatePodIdentityAssociation", "iam:CreateRole", "iam:PutRolePolicy"];
    assert_eq!(it.sent(), calls);
    it.eksact(&create).exits(0).says("component cluster-autoscaler of demo is there already");
    it.eksact(&format!("{create} --replicas 1")).exits(0).says("is there already");
    let other = it.eksact(&format!("{create} --replicas 2")).exits(1).says("not as it is asked for:");
    let other = other.says("~ Deployment kube-system/cluster-autoscaler").says("spec.replicas");
    other.says("1 -> 2").says("eksact apply -f FILE").says("- name: cluster-autoscaler\n      replicas: 2");
    let none = it.eksact(&format!("{create} --identity none --dry-run")).exits(1);
    none.says("- role/component-cluster-autoscaler").says("identity: none");
    it.nothing_sent();
    let shown = it.eksact(&format!("get component {WHERE}")).exits(0).out;
    let row: Vec<&str> = shown.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(row[..6], ["cluster-autoscaler", "v1.34.5", "manifest", "Ready", "1/1", "ok"], "{shown}");

    // It is what a file with the same would have made.
    it.file("more.yaml", &(FILE.to_owned() + "components: [{name: cluster-autoscaler}]\n"));
    it.eksact("plan -f more.yaml --detailed-exitcode").exits(0).says("No changes");
    it.eksact("create component -f more.yaml").exits(0).says("is there already");
    it.eksact("plan -f cluster.yaml").exits(0).says("- component cluster-autoscaler");

    // A file asks for all of it, and also for what it does not say; what it says of everything is no setting of this.
    it.file(
        "other.yaml",
        &it.read("more.yaml").replace("autoscaler}", "autoscaler, logLevel: debug, replicas: 2}"),
    );
    let other = it.eksact("create component -f other.yaml").exits(1).says("not as it is asked for:");
    other.says("spec.replicas").says("containers").says("hint: eksact apply -f other.yaml");
    it.file("tagged.yaml", &it.read("more.yaml").replace("team: web", "team: api"));
    it.eksact("create component -f tagged.yaml")
        .exits(0)
        .says("is there already")
        .says("eksact apply -f tagged.yaml");
    it.nothing_sent();

    let delete = format!("delete component cluster-autoscaler {WHERE}");
    it.eksact(&format!("{delete} --dry-run"))
        .exits(0)
        .says("- component cluster-autoscaler")
        .says("- identity");
    it.eksact(&delete).exits(3).says("add --yes to go on without asking");
    it.nothing_sent();
    let gone = it.eksact(&format!("{delete} --yes")).exits(0);
    gone.says("component cluster-autoscaler of demo is gone.")
        .says("a file that still names it makes it again");
    assert_eq!(it.account.inventory(), before);
    assert_eq!(it.kubectl("get all,cm,sa -A -l app.kubernetes.io/managed-by=eksact -o name", None), "");
    it.eksact(&format!("{delete} --yes"))
        .exits(0)
        .says("not there: cluster-autoscaler")
        .says("nothing to delete");
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
}

#[test]
fn those_of_a_file_are_installed_and_nothing_else_is_changed() {
    let it = cluster(&(FILE.to_owned() + "components: [{name: storage}]\n"));
    it.file(
        "cluster.yaml",
        &(FILE.replace("team: web", "team: api")
            + "components: [{name: cluster-autoscaler}, {name: aws-load-balancer-controller, replicas: 1}]\n"),
    );
    it.eksact("create component storage -f cluster.yaml")
        .exits(3)
        .says("cluster.yaml names no component storage");
    it.nothing_sent();
    let made = it.eksact("create component cluster-autoscaler -f cluster.yaml").exits(0);
    made.says("not as cluster.yaml says, and left alone").says("eksact apply -f cluster.yaml");
    let objects = "-n kube-system get cm eksact-inventory -o jsonpath={.data.objects}";
    let listed = it.kubectl(objects, None);
    assert!(
        listed.contains("StorageClass gp3") && listed.contains("Deployment kube-system/cluster-autoscaler")
    );
    assert!(!listed.contains("aws-load-balancer-controller"), "{listed}");
    it.eksact("create component -f cluster.yaml").exits(0).says("+ component aws-load-balancer-controller");
    it.eksact("create component -f cluster.yaml").exits(0).says("2 components of demo are there already");
    let plan = it.eksact("plan -f cluster.yaml").exits(0).says("- component storage").says("Tags.team");
    assert!(!plan.out.contains("to create"), "{}", plan.out);
    it.eksact("apply -f cluster.yaml --yes").exits(0);

    // The agent goes with the last that needs it.
    let delete = "delete component cluster-autoscaler -f cluster.yaml --yes";
    it.eksact(delete).exits(0).says("cluster.yaml still names it: eksact apply -f cluster.yaml");
    let agent =
        |it: &Shell| it.account.inventory().iter().any(|line| line.contains("eks-pod-identity-agent"));
    assert!(agent(&it));
    it.eksact("plan -f cluster.yaml").exits(0).says("+ component cluster-autoscaler");
    it.eksact(&format!("delete component aws-load-balancer-controller {WHERE} --yes")).exits(0);
    assert!(!agent(&it));
    assert_eq!(it.kubectl("get crd -o name", None), "");
}

#[test]
fn a_new_cluster_has_them_from_flags() {
    let it = Shell::with_workloads();
    let create = "create cluster --name demo --region us-west-2 --nodes 1 --skip-preflight";
    let with = format!("{create} --with cluster-autoscaler@v1.34.5,storage --with metrics-server");
    it.file("plain.yaml", &it.eksact(&format!("{create} --dry-run")).exits(0).out);
    it.file("with.yaml", &it.eksact(&format!("{with} --dry-run")).exits(0).out);
    it.nothing_sent();
    // Nothing else is another, though it is in another language.
    let rest = it.read("with.yaml").replace("eksact.dev/v1alpha1", "eksctl.io/v1alpha5");
    for line in it.read("plain.yaml").lines() {
        assert!(rest.contains(line), "{line}\n{rest}");
    }
    let made = it.eksact(&with).exits(0).says("+ component cluster-autoscaler").says("+ component storage");
    made.says("public endpoint, open to 0.0.0.0/0");
    it.eksact("plan -f with.yaml --detailed-exitcode").exits(0).says("No changes");
    let list = it.eksact(&format!("get components {WHERE} -o json")).exits(0).json();
    let items = list["items"].as_array().unwrap();
    let told = |at: usize, key: &str| items[at][key].clone();
    let names: Vec<_> = (0..items.len()).map(|at| told(at, "name")).collect();
    assert_eq!(names, ["cluster-autoscaler", "coredns", "metrics-server", "storage"]);
    assert_eq!((told(0, "version"), told(0, "type")), ("v1.34.5".into(), "manifest".into()));
    assert_eq!((told(2, "type"), told(3, "version")), ("addon".into(), json!(null)));
    it.eksact(&format!("get component storage {WHERE} -o yaml")).exits(0).says("name: storage");
    it.eksact(&format!("get component aws-load-balancer-controller {WHERE}"))
        .exits(1)
        .says("there is no component");
}

#[test]
fn an_older_version_is_behind() {
    let it = cluster(&(FILE.to_owned() + "iam: {withOIDC: true}\n"));
    let controller = "name: aws-load-balancer-controller";
    let flags = "--version v3.4.3 --replicas 1 --identity irsa";
    it.eksact(&format!("create component aws-load-balancer-controller {flags} {WHERE}")).exits(0);
    it.eksact(&format!("get component {WHERE}")).exits(0).says("v3.4.3 (1 behind)").says("1/1");
    let webhook = "get mutatingwebhookconfiguration aws-load-balancer-webhook -o name";
    assert!(!it.kubectl(webhook, None).is_empty(), "there are nodes, and so somebody answers");
    let components =
        format!("components: [{{{controller}, version: v3.4.3, replicas: 1, identity: irsa}}]\n");
    it.file("more.yaml", &(it.read("cluster.yaml") + &components));
    it.eksact("plan -f more.yaml --detailed-exitcode").exits(0).says("No changes");
}

/// What a controller must be told of a network is found out, and nothing is waited for where nothing runs.
#[test]
fn in_a_given_network_without_nodes() {
    let it = Shell::with_workloads();
    let [a, b] = it.network();
    let given = format!("vpc: {{subnets: {{private: {{a: {{id: {a}}}, b: {{id: {b}}}}}}}}}\n");
    it.file("cluster.yaml", &super::files::with(&given));
    it.eksact("create cluster -f cluster.yaml --skip-preflight").exits(0);
    it.eksact(&format!("create component aws-load-balancer-controller {WHERE}")).exits(0);
    let arguments = "-n kube-system get deployment aws-load-balancer-controller \
                     -o jsonpath={.spec.template.spec.containers[0].args}";
    assert!(it.kubectl(arguments, None).contains("--aws-vpc-id=vpc-"));
    it.eksact(&format!("get component {WHERE}")).exits(0).says("Progressing").says("0/2");
    assert_eq!(it.kubectl("get mutatingwebhookconfiguration -o name", None), "");
    it.eksact(&format!("delete component aws-load-balancer-controller {WHERE} --yes")).exits(0);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
}

#[test]
fn what_flags_cannot_mean_is_bad_usage() {
    let it = Shell::new();
    it.file("cluster.yaml", FILE);
    it.file("eksctl.yaml", super::files::DEFAULT);
    let lines = [
        ("create component", "--file"),
        ("create component --cluster demo", "no component is named"),
        ("create component nginx --cluster demo", "possible values"),
        ("create component cluster-autoscalar --cluster demo", "'cluster-autoscaler'"),
        ("create component storage -f cluster.yaml --cluster demo", "cannot be used with"),
        ("create component storage -f cluster.yaml --version v1", "cannot be used with"),
        ("create component storage -f eksctl.yaml", "eksact.dev/v1alpha1"),
        ("create component -f cluster.yaml", "names no components"),
        ("create component storage --name storage --cluster demo", "cannot be used with"),
        ("delete component --cluster demo", "no component is named"),
        ("delete component nginx --cluster demo", "possible values"),
        ("get component", "--cluster"),
        ("get component nginx --cluster demo", "possible values"),
        ("create cluster --name demo --with nginx", "possible values"),
        ("create cluster --name demo --with cluster-autoscaler=v1", "possible values"),
        ("create cluster --name demo --with cluster-autoscaler@v1.34", "known are v1.36.1"),
        ("create cluster --name demo --with storage,storage", "two components are called"),
        ("create cluster -f cluster.yaml --with storage", "cannot be used with"),
    ];
    for (line, told) in lines {
        it.eksact(&format!("{line} --region us-west-2")).exits(3).says(told);
    }
    assert!(it.account.calls().is_empty());
}

#[test]
fn what_does_not_fit_the_cluster_is_refused_before_anything_is_made() {
    let it = cluster(FILE);
    it.eksact("create component storage --cluster other --region us-west-2")
        .exits(1)
        .says("there is no cluster other");
    it.eksact("delete component storage --cluster other --region us-west-2 --yes")
        .exits(1)
        .says("there is no cluster other");
    it.eksact("get component --cluster other --region us-west-2").exits(1).says("there is no cluster other");
    let create = format!("create component cluster-autoscaler {WHERE}");
    it.eksact(&format!("{create} --version v1.33.6"))
        .exits(1)
        .says("no version that is known here is for Kubernetes 1.34");
    it.eksact(&format!("{create} --version v9")).exits(3).says("has no version `v9` that is known here");
    it.eksact(&format!("{create} --replicas 0")).exits(3).says("from 1 to 100");
    it.eksact(&format!("{create} --identity irsa")).exits(1).says("the cluster has no provider");
    it.eksact(&format!("{create} --identity role")).exits(3).says("podIdentity");
    it.eksact(&format!("create component metrics-server {WHERE}")).exits(0).says("is there already");
    let other = it.eksact(&format!("create component coredns --replicas 3 {WHERE}")).exits(1);
    other.says("~ addon/coredns").says("ConfigurationValues").says(r#"{"replicaCount":3}"#);
    it.nothing_sent();
    let theirs = json!({ "apiVersion": "v1", "kind": "ServiceAccount", "metadata": {
        "name": "cluster-autoscaler", "namespace": "kube-system",
        "labels": { "app.kubernetes.io/managed-by": "Helm" } } });
    it.kubectl("apply -f -", Some(&theirs));
    it.eksact(&create).exits(1).says("managed by Helm");
    it.nothing_sent();
    it.eksact(&format!("{create} --force-conflicts")).exits(0);
}

#[test]
fn where_the_api_server_is_silent_nothing_of_aws_is_touched() {
    let it = cluster(FILE);
    it.account.settings(json!({ "api": { "demo": "refused" } }));
    let lines = [
        format!("create component cluster-autoscaler {WHERE}"),
        format!("delete component cluster-autoscaler {WHERE} --yes"),
        format!("delete component aws-load-balancer-controller {WHERE} --yes"),
        format!("get component {WHERE}"),
    ];
    for line in lines {
        it.eksact(&line)
            .exits(1)
            .says("the API server of cluster demo does not say")
            .says("nothing was changed");
    }
    it.nothing_sent();
    it.account.settings(json!({ "api": {} }));
}

#[test]
fn one_whose_making_was_killed_is_gone_on_with() {
    let it = cluster(FILE);
    let create = format!("create component cluster-autoscaler {WHERE}");
    assert!(it.killed_before(&create, "CreatePodIdentityAssociation", 1));
    it.eksact(&create).exits(0).says("demo has what was asked for");
    it.eksact(&create).exits(0).says("is there already");
    let delete = format!("delete component cluster-autoscaler {WHERE} --yes");
    assert!(it.killed(&delete, "DeletePodIdentityAssociation", 1));
    it.eksact(&delete).exits(0);
    it.eksact("plan -f cluster.yaml --detailed-exitcode").exits(0).says("No changes");
}

#[test]
fn one_whose_role_has_no_policy_yet_is_not_there() {
    let it = cluster(FILE);
    let create = format!("create component cluster-autoscaler {WHERE}");
    it.account.faults(json!({ "operation": "PutRolePolicy", "kind": "deny" }));
    it.eksact(&create).exits(1).says("iam:PutRolePolicy");
    it.account.faults(json!([]));
    it.eksact(&create).exits(0).says("demo has what was asked for");
    let get = "-n kube-system get deployment cluster-autoscaler -o jsonpath={.status.readyReplicas}";
    assert_eq!(it.kubectl(get, None), "1");
}

/// In eksctl's language permissions are given, and who uses them is installed by other means.
#[test]
fn permissions_of_what_could_be_installed_are_a_hint() {
    let it = Shell::new();
    let permissions = "\
iam:
  withOIDC: true
  serviceAccounts:
    - {metadata: {name: lbc, namespace: kube-system}, wellKnownPolicies: {awsLoadBalancerController: true}}
managedNodeGroups:
  - {name: ng1, iam: {withAddonPolicies: {autoScaler: true, ebs: true, externalDNS: true}}}
";
    let plain = super::files::DEFAULT.split("managedNodeGroups").next().unwrap();
    it.file("cluster.yaml", &(plain.to_owned() + permissions));
    for line in ["validate -f cluster.yaml", "plan -f cluster.yaml"] {
        let told = it.eksact(line).exits(0).err;
        let hints: Vec<&str> = told.split("hint: ").skip(1).collect();
        let [hint] = hints[..] else { panic!("{told}") };
        let hint = hint.split_whitespace().collect::<Vec<_>>().join(" ");
        let components = "components: [{name: aws-load-balancer-controller}, {name: cluster-autoscaler}]";
        let addons = "addons: [{name: aws-ebs-csi-driver}]";
        assert!(hint.contains(components) && hint.contains("apiVersion: eksact.dev/v1alpha1"), "{hint}");
        assert!(hint.contains(addons) && !hint.contains("externalDNS"), "{hint}");
    }
    it.edit("cluster.yaml", "eksctl.io/v1alpha5", "eksact.dev/v1alpha1");
    it.edit("cluster.yaml", "iam: {with", "disablePodIMDS: false, iam: {with");
    let ours = it.eksact("validate -f cluster.yaml").exits(0);
    assert!(!ours.err.contains("hint"), "{}", ours.err);
}
