"""Drives a local AWS with boto3, as a data scientist's notebook would. One section a call; see `sections`."""

import io
import json
import os
import socket
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "111122223333"


def client(service, credentials=None, **options):
    given = {}
    if credentials:
        given = dict(
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials.get("SessionToken"),
        )
    config = Config(retries={"max_attempts": 0}, **options)
    return boto3.client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=config, **given)


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        found = error.response["Error"]["Code"]
        assert found == code, f"{found} instead of {code}: {error}"
        return str(error)
    raise AssertionError(f"not refused with {code}: {arguments}")


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def new_user(name, document):
    iam = client("iam")
    iam.create_user(UserName=name, Tags=[{"Key": "team", "Value": "research"}])
    iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document)
    return iam.create_access_key(UserName=name)["AccessKey"]


def objects():
    s3 = client("s3")
    s3.create_bucket(Bucket="boto-objects", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    big = os.urandom(9 * 1024 * 1024 + 5)
    s3.upload_fileobj(io.BytesIO(big), "boto-objects", "big")
    back = io.BytesIO()
    s3.download_fileobj("boto-objects", "big", back)
    assert back.getvalue() == big
    assert s3.head_object(Bucket="boto-objects", Key="big")["ETag"].endswith('-2"')
    for algorithm in ["CRC32", "SHA1", "SHA256"]:
        s3.put_object(Bucket="boto-objects", Key="sum", Body=b"text", ChecksumAlgorithm=algorithm)
        answer = s3.get_object(Bucket="boto-objects", Key="sum", ChecksumMode="ENABLED")
        assert answer["Body"].read() == b"text" and f"Checksum{algorithm}" in answer
    assert s3.get_object(Bucket="boto-objects", Key="sum", Range="bytes=1-2")["Body"].read() == b"ex"
    refused("InvalidRange", s3.get_object, Bucket="boto-objects", Key="sum", Range="bytes=9-")
    refused("NoSuchKey", s3.get_object, Bucket="boto-objects", Key="missing")
    refused("PreconditionFailed", s3.put_object, Bucket="boto-objects", Key="sum", Body=b"", IfNoneMatch="*")
    refused("BadDigest", s3.put_object, Bucket="boto-objects", Key="sum", Body=b"text", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
    assert s3.get_object(Bucket="boto-objects", Key="sum")["Body"].read() == b"text"
    s3.put_bucket_versioning(Bucket="boto-objects", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="boto-objects", Key="v", Body=b"1")["VersionId"]
    s3.put_object(Bucket="boto-objects", Key="v", Body=b"2")
    s3.delete_object(Bucket="boto-objects", Key="v")
    refused("NoSuchKey", s3.get_object, Bucket="boto-objects", Key="v")
    assert s3.get_object(Bucket="boto-objects", Key="v", VersionId=first)["Body"].read() == b"1"
    s3.copy_object(Bucket="boto-objects", Key="../../etc/passwd", CopySource={"Bucket": "boto-objects", "Key": "sum"})
    assert s3.get_object(Bucket="boto-objects", Key="../../etc/passwd")["Body"].read() == b"text"


def listing():
    s3 = client("s3")
    s3.create_bucket(Bucket="boto-listing", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    keys = [f"day={day:02}/part {part:03}+ü&<.csv" for day in range(11) for part in range(100)]
    for key in keys:
        s3.put_object(Bucket="boto-listing", Key=key, Body=b"")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="boto-listing")
    assert [entry["Key"] for page in pages for entry in page["Contents"]] == sorted(keys)
    folders = s3.list_objects_v2(Bucket="boto-listing", Delimiter="/")
    assert [entry["Prefix"] for entry in folders["CommonPrefixes"]] == [f"day={day:02}/" for day in range(11)]
    answer = s3.delete_objects(Bucket="boto-listing", Delete={"Objects": [{"Key": key} for key in keys[:1000]]})
    assert len(answer["Deleted"]) == 1000
    assert s3.list_objects(Bucket="boto-listing")["Contents"][0]["Key"] == sorted(keys)[1000]
    reader = new_user("lister", policy(
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::boto-listing",
         "Condition": {"StringEquals": {"s3:prefix": "day=10/"}}}))
    as_reader = client("s3", reader)
    assert as_reader.list_objects_v2(Bucket="boto-listing", Prefix="day=10/")["KeyCount"] == 100
    refused("AccessDenied", as_reader.list_objects_v2, Bucket="boto-listing")


def hosts():
    # Names below localhost are loopback by RFC 6761, but not every resolver knows that.
    resolve = socket.getaddrinfo
    socket.getaddrinfo = lambda host, *rest, **named: resolve(
        "127.0.0.1" if host.endswith(".localhost") else host, *rest, **named)
    port = os.environ["AWS_ENDPOINT_URL"].rsplit(":", 1)[1]
    os.environ["AWS_ENDPOINT_URL"] = f"http://localhost:{port}"
    for style in ["path", "virtual"]:
        s3 = client("s3", s3={"addressing_style": style})
        s3.create_bucket(Bucket=f"boto-{style}", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_object(Bucket=f"boto-{style}", Key="key", Body=b"text")
        assert s3.get_object(Bucket=f"boto-{style}", Key="key")["Body"].read() == b"text"


def identity():
    iam = client("iam")
    for number in range(12):
        iam.create_user(UserName=f"page-{number:02}")
    pages = iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 5})
    names = [user["UserName"] for page in pages for user in page["Users"]]
    assert [name for name in names if name.startswith("page-")] == [f"page-{n:02}" for n in range(12)]
    refused("EntityAlreadyExists", iam.create_user, UserName="page-00")
    refused("NoSuchEntity", iam.get_user, UserName="nobody")
    refused("MalformedPolicyDocument", iam.put_user_policy, UserName="page-00", PolicyName="p", PolicyDocument="{}")
    refused("LimitExceeded", iam.create_policy, PolicyName="long", PolicyDocument=policy(
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": [f"arn:aws:s3:::bucket-{n:04}/*" for n in range(300)]}))
    trust = policy({"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": ["sts:AssumeRole", "sts:TagSession"]})
    iam.create_role(RoleName="tagged", AssumeRolePolicyDocument=trust)
    iam.put_role_policy(RoleName="tagged", PolicyName="own", PolicyDocument=policy(
        {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*",
         "Condition": {"StringEquals": {"aws:PrincipalTag/project": "blue"}}}))
    user = new_user("assumer", policy({"Effect": "Allow", "Action": "sts:*", "Resource": f"arn:aws:iam::{ACCOUNT}:role/tagged"}))
    sts = client("sts", user)
    for tag, allowed in [("blue", True), ("red", False)]:
        session = sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/tagged", RoleSessionName="session",
                                  Tags=[{"Key": "project", "Value": tag}])["Credentials"]
        assert client("sts", session).get_caller_identity()["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/tagged/session"
        if allowed:
            client("iam", session).get_user(UserName="page-00")
        else:
            refused("AccessDenied", client("iam", session).get_user, UserName="page-00")
    forged = dict(session, SessionToken=session["SessionToken"][:-4] + "AAAA")
    refused("InvalidClientTokenId", client("sts", forged).get_caller_identity)


def training():
    iam = client("iam")
    trust = policy({"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"})
    role = iam.create_role(RoleName="execution", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    jobs = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:training-job/own-*"
    user = new_user("trainer", policy(
        {"Effect": "Allow", "Action": ["sagemaker:CreateTrainingJob", "sagemaker:StopTrainingJob", "sagemaker:DescribeTrainingJob"], "Resource": jobs},
        {"Effect": "Allow", "Action": "iam:PassRole", "Resource": role,
         "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}}))
    sagemaker = client("sagemaker", user)
    job = dict(
        AlgorithmSpecification={"TrainingImage": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/train:1", "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": "s3://boto-objects/out"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )
    sagemaker.create_training_job(TrainingJobName="own-1", RoleArn=role, **job)
    assert sagemaker.describe_training_job(TrainingJobName="own-1")["TrainingJobStatus"] == "InProgress"
    sagemaker.stop_training_job(TrainingJobName="own-1")
    assert sagemaker.describe_training_job(TrainingJobName="own-1")["TrainingJobStatus"] in ("Stopping", "Stopped")
    message = refused("AccessDeniedException", sagemaker.create_training_job, TrainingJobName="other-1", RoleArn=role, **job)
    assert "sagemaker:CreateTrainingJob" in message
    other = iam.create_role(RoleName="other-execution", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    message = refused("AccessDeniedException", sagemaker.create_training_job, TrainingJobName="own-2", RoleArn=other, **job)
    assert "iam:PassRole" in message


def keys():
    kms = client("kms")
    key = kms.create_key(Description="data")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/data", TargetKeyId=key)
    secret = kms.encrypt(KeyId="alias/data", Plaintext=b"text", EncryptionContext={"a": "b"})["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=secret, EncryptionContext={"a": "b"})["Plaintext"] == b"text"
    refused("InvalidCiphertextException", kms.decrypt, CiphertextBlob=secret, EncryptionContext={"a": "c"})
    s3 = client("s3")
    s3.create_bucket(Bucket="boto-keys", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="boto-keys", Key="sealed", Body=b"text", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    head = s3.head_object(Bucket="boto-keys", Key="sealed")
    assert head["ServerSideEncryption"] == "aws:kms" and head["SSEKMSKeyId"].endswith(key)
    reader = new_user("keyless", policy({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}))
    message = refused("AccessDenied", client("s3", reader).get_object, Bucket="boto-keys", Key="sealed")
    assert "kms:Decrypt" in message


sections = dict(objects=objects, listing=listing, hosts=hosts, identity=identity, training=training, keys=keys)

if __name__ == "__main__":
    started = time.monotonic()
    sections[sys.argv[1]]()
    print(f"{sys.argv[1]}: ok ({time.monotonic() - started:.1f} s)")
